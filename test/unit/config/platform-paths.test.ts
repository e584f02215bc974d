import { defaultDataDirectory, expandPath, machineConfigFile, type PlatformInfo } from '../../../src/config/platform-paths';

const windows: PlatformInfo = {
  platform: 'win32',
  env: { LOCALAPPDATA: 'C:\\Users\\agent\\AppData\\Local', ProgramData: 'D:\\ProgramData', USERNAME: 'agent' },
  homeDirectory: 'C:\\Users\\agent',
};
const mac: PlatformInfo = { platform: 'darwin', env: {}, homeDirectory: '/Users/agent' };
const linux: PlatformInfo = { platform: 'linux', env: { USER: 'agent' }, homeDirectory: '/home/agent' };

test.each([
  ['Windows', windows, 'D:\\ProgramData\\ScreenRecordingService\\config.json', 'C:\\Users\\agent\\AppData\\Local\\ScreenRecordingService'],
  [
    'Windows without its variables',
    { ...windows, env: {} },
    'C:\\ProgramData\\ScreenRecordingService\\config.json',
    'C:\\Users\\agent\\AppData\\Local\\ScreenRecordingService',
  ],
  [
    'macOS',
    mac,
    '/Library/Application Support/ScreenRecordingService/config.json',
    '/Users/agent/Library/Application Support/ScreenRecordingService',
  ],
  ['Linux', linux, '/etc/screen-recording-service/config.json', '/home/agent/.local/share/screen-recording-service'],
  [
    'Linux with XDG_DATA_HOME',
    { ...linux, env: { XDG_DATA_HOME: '/data/agent' } },
    '/etc/screen-recording-service/config.json',
    '/data/agent/screen-recording-service',
  ],
  [
    'Linux with a relative XDG_DATA_HOME, which does not count',
    { ...linux, env: { XDG_DATA_HOME: 'data' } },
    '/etc/screen-recording-service/config.json',
    '/home/agent/.local/share/screen-recording-service',
  ],
])('the places of files on %s', (_name, here, machineFile, dataDirectory) => {
  expect(machineConfigFile(here)).toBe(machineFile);
  expect(defaultDataDirectory(here)).toBe(dataDirectory);
});

test.each([
  [linux, '/etc/srs', '/var/lib/srs', '/var/lib/srs'],
  [linux, '/etc/srs', 'ca.pem', '/etc/srs/ca.pem'],
  [linux, '/etc/srs', '../ca.pem', '/etc/ca.pem'],
  [linux, '/etc/srs', '~/recordings', '/home/agent/recordings'],
  [linux, '/etc/srs', '~other/x', '/etc/srs/~other/x'],
  [linux, '/etc/srs', '/srv/${USER}/srs', '/srv/agent/srs'],
  [linux, '/etc/srs', '/srv/${NOBODY}/srs', '/srv/${NOBODY}/srs'],
  [windows, 'D:\\ProgramData', 'D:\\Recordings\\%USERNAME%', 'D:\\Recordings\\agent'],
  [windows, 'D:\\ProgramData', '~\\srs', 'C:\\Users\\agent\\srs'],
  [windows, 'D:\\ProgramData', 'ca.pem', 'D:\\ProgramData\\ca.pem'],
])('expandPath %#: %j', (here, base, path, expected) => {
  expect(expandPath(path, base, here)).toBe(expected);
});
