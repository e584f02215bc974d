import { posix } from 'node:path';

/**
 * The AppImage that this program is, if it is one. Its start puts `APPIMAGE` and `APPDIR`, the folder it is mounted at, into the environment, where every
 * program started from it finds them too: only who lies in that folder is meant.
 * @param executable of this process, absolute
 */
export function ownAppImage(env: Readonly<Record<string, string | undefined>>, executable: string): string | undefined {
  const { APPIMAGE: image, APPDIR: folder } = env;
  if (!image || !folder || !posix.isAbsolute(image) || !posix.isAbsolute(folder)) return undefined;
  const way = posix.relative(folder, executable);
  return way !== '' && way.split('/')[0] !== '..' ? image : undefined;
}
