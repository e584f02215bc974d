import { ownAppImage } from '../../../src/lib/own-app-image';

const IMAGE = '/home/ann/SRS.AppImage';
const MOUNT = '/tmp/.mount_SRS-1';

it.each([
  ['an AppImage', { APPIMAGE: IMAGE, APPDIR: MOUNT }, `${MOUNT}/srs`, IMAGE],
  [
    'an AppImage that was unpacked to run',
    { APPIMAGE: IMAGE, APPDIR: '/tmp/appimage_extracted_0a' },
    '/tmp/appimage_extracted_0a/usr/bin/srs',
    IMAGE,
  ],
  ['one in a folder with a slash at the end', { APPIMAGE: IMAGE, APPDIR: `${MOUNT}/` }, `${MOUNT}/srs`, IMAGE],
  [
    'a deb started from a terminal that is an AppImage',
    { APPIMAGE: '/home/ann/terminal.AppImage', APPDIR: '/tmp/.mount_term' },
    '/opt/SRS/srs',
    undefined,
  ],
  ['one beside a folder of nearly the same name', { APPIMAGE: IMAGE, APPDIR: '/tmp/.mount_SRS' }, `${MOUNT}/srs`, undefined],
  ['one above the folder', { APPIMAGE: IMAGE, APPDIR: `${MOUNT}/usr` }, `${MOUNT}/srs`, undefined],
  ['the folder itself', { APPIMAGE: IMAGE, APPDIR: MOUNT }, MOUNT, undefined],
  ['a folder whose name begins with dots', { APPIMAGE: IMAGE, APPDIR: '/tmp' }, '/tmp/..srs/srs', IMAGE],
  ['a relative image', { APPIMAGE: 'SRS.AppImage', APPDIR: MOUNT }, `${MOUNT}/srs`, undefined],
  ['a relative folder', { APPIMAGE: IMAGE, APPDIR: 'mount' }, `${MOUNT}/srs`, undefined],
  ['no folder', { APPIMAGE: IMAGE }, `${MOUNT}/srs`, undefined],
  ['nothing', {}, '/opt/SRS/srs', undefined],
])('the AppImage this program is: %s', (_what, env, executable, expected) => {
  expect(ownAppImage(env, executable)).toBe(expected);
});
