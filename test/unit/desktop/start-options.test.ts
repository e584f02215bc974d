import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseStartOptions, profileDirectory } from '../../../src/desktop/start-options';

const plain = { isDemo: false, isAtLogin: false, isShown: false };

it.each([
  [['electron', '.'], plain],
  [['electron', '.', '--config', '/etc/srs.json'], { ...plain, configFile: '/etc/srs.json' }],
  [
    ['electron', '--inspect=0', '--remote-debugging-port=0', '.', '--config=c.json', '--demo'],
    { ...plain, isDemo: true, configFile: '/there/c.json' },
  ],
  [['electron', '.', '--config', '../b.json'], { ...plain, configFile: '/b.json' }],
  [['/opt/srs', '--login'], { ...plain, isAtLogin: true }],
  [['/opt/srs', '--show', '--lang=de', '--no-sandbox'], { ...plain, isShown: true, language: 'de' }],
])('%j means %j', (argv, options) => {
  expect(parseStartOptions(argv, '/there')).toEqual(options);
});

describe('the profile', () => {
  const at = (configFile?: string, env = {}): string =>
    profileDirectory(configFile === undefined ? plain : { ...plain, configFile }, {
      platform: 'linux',
      env: { XDG_DATA_HOME: '/data', ...env },
      homeDirectory: '/home/a',
    });

  it('is the same for the same configuration, and another for another, so that each has one instance', () => {
    expect(at()).toBe('/data/screen-recording-service/desktop');
    expect(at('/a.json')).toBe(at('/a.json'));
    expect(at('/x/../a.json')).toBe(at('/a.json'));
    expect(new Set([at(), at('/a.json'), at('/b.json'), at(undefined, { SRS_DATA_DIRECTORY: '/other' })]).size).toBe(4);
  });

  it('is the same however the file and the folder are spelt', () => {
    const folder = mkdtempSync(join(tmpdir(), 'srs-profile-'));
    const file = join(folder, 'config.json');
    writeFileSync(file, '{}');
    symlinkSync(file, join(folder, 'link.json'));
    symlinkSync(folder, join(folder, 'folder'));
    const spellings = [
      file,
      join(folder, 'link.json'),
      relative('.', file),
      `${folder}//config.json`,
      join(folder, 'folder', 'config.json'),
    ];
    expect(new Set(spellings.map((spelling) => at(spelling))).size).toBe(1);
    const folders = [folder, `${folder}/`, join(folder, 'folder')];
    expect(new Set(folders.map((spelling) => at(undefined, { SRS_DATA_DIRECTORY: spelling }))).size).toBe(1);
    rmSync(folder, { recursive: true });
  });
});
