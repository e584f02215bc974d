import { whoUpdates } from '../../../../src/desktop/updates/installed-by';

const productName = 'Screen Recording Service';
const ENV = {
  LOCALAPPDATA: 'C:\\Users\\Ann\\AppData\\Local',
  ProgramFiles: 'C:\\Program Files',
  'ProgramFiles(x86)': 'C:\\Program Files (x86)',
};
const PER_USER = 'C:\\Users\\Ann\\AppData\\Local\\Programs\\srs';
const ALL_USERS = 'the administrators, since it is installed for all users';
const NOBODY_ELSE = undefined;

describe('who updates an installation on Windows', () => {
  const ask = (folder: string, env: Record<string, string>, hasUninstaller = true): string | undefined =>
    whoUpdates({
      platform: 'win32',
      env,
      executable: `${folder}\\${productName}.exe`,
      productName,
      exists: (path) => hasUninstaller && path === `${folder}\\Uninstall ${productName}.exe`,
    });

  it.each<[string, string, Record<string, string>, string | undefined]>([
    ['for the user', PER_USER, ENV, NOBODY_ELSE],
    ['for the user, in other letters', PER_USER.toUpperCase(), ENV, NOBODY_ELSE],
    ['for all users', 'C:\\Program Files\\Screen Recording Service', ENV, ALL_USERS],
    ['for all users, in other letters', 'c:\\PROGRAM FILES\\srs', ENV, ALL_USERS],
    ['for all users, 32 bit', 'C:\\Program Files (x86)\\srs', ENV, ALL_USERS],
    ['for all users, somewhere else', 'D:\\Apps\\srs', ENV, ALL_USERS],
    ['below a folder that only begins like the user’s', 'C:\\Users\\Ann\\AppData\\LocalLow\\srs', ENV, ALL_USERS],
    ['where the user’s folder is not known', PER_USER, {}, ALL_USERS],
    ['for all users, where the user’s folder is the drive', 'C:\\Program Files\\srs', { ...ENV, LOCALAPPDATA: 'C:\\' }, ALL_USERS],
  ])('by the setup program, %s', (_name, folder, env, expected) => {
    expect(ask(folder, env)).toBe(expected);
  });

  it('by the MSI', () => {
    expect(ask('C:\\Program Files\\Screen Recording Service', ENV, false)).toBe('the MSI distribution');
  });
});

describe('who updates an installation elsewhere', () => {
  const BUNDLE = '/Applications/Screen Recording Service.app';

  it.each<[string, NodeJS.Platform, Record<string, string>, string[], string | undefined]>([
    ['AppImage', 'linux', { APPIMAGE: '/home/ann/srs.AppImage', APPDIR: '/opt/srs' }, ['/home/ann'], NOBODY_ELSE],
    [
      'AppImage for all users',
      'linux',
      { APPIMAGE: '/opt/srs.AppImage', APPDIR: '/opt/srs' },
      ['/home/ann'],
      expect.stringMatching(/whoever put the AppImage/),
    ],
    ['deb or rpm', 'linux', {}, [], 'the package manager'],
    [
      'deb or rpm, started from another AppImage',
      'linux',
      { APPIMAGE: '/home/ann/editor.AppImage', APPDIR: '/tmp/.mount_editor' },
      ['/home/ann'],
      'the package manager',
    ],
    ['macOS, put there by the user', 'darwin', {}, ['/Applications', BUNDLE], NOBODY_ELSE],
    ['macOS, put there by device management', 'darwin', {}, ['/Applications'], expect.stringMatching(/whoever put the application/)],
    ['macOS, in a folder the user may not change', 'darwin', {}, [BUNDLE], expect.stringMatching(/whoever put the application/)],
  ])('%s', (_name, platform, env, writable, expected) => {
    const isWritable = (folder: string): boolean => writable.includes(folder);
    const executable = platform === 'darwin' ? `${BUNDLE}/Contents/MacOS/${productName}` : '/opt/srs/srs';
    expect(whoUpdates({ platform, env, executable, productName, isWritable })).toEqual(expected);
  });
});
