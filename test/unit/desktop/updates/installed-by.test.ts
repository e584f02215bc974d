import { join } from 'node:path';
import { whoUpdates } from '../../../../src/desktop/updates/installed-by';

const productName = 'Screen Recording Service';
const folder = join('apps', 'srs');
const executable = join(folder, `${productName}.exe`);
const uninstaller = join(folder, `Uninstall ${productName}.exe`);

describe('who updates an installation', () => {
  it.each<[string, NodeJS.Platform, Record<string, string>, string[], string | undefined]>([
    ['NSIS', 'win32', {}, [uninstaller], undefined],
    ['MSI', 'win32', {}, [], 'the MSI distribution'],
    ['AppImage', 'linux', { APPIMAGE: '/home/ann/srs.AppImage' }, [], undefined],
    ['deb or rpm', 'linux', {}, [], 'the package manager'],
    ['macOS', 'darwin', {}, [], undefined],
  ])('%s', (_name, platform, env, files, expected) => {
    const exists = (path: string): boolean => files.includes(path);
    expect(whoUpdates({ platform, env, executable, productName, exists })).toBe(expected);
  });
});
