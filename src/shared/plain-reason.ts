import { describeError } from './errors';

interface SystemError {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
}

/** Absolute paths of every system, quoted or not; not those of a URL. */
const QUOTED_PATH = /(["'`\u2018\u201c])(?:[A-Za-z]:[\\/]|\\\\|\/|~\/|file:\/\/)[^"'`\u2019\u201d\n]*["'`\u2019\u201d]/g;
const BARE_PATH = /(^|[\s(=[])(?:[A-Za-z]:[\\/]|\\\\|~?\/(?=[\w.])|file:\/\/)[^\s"'`),;\]]+/g;

/**
 * The text of anything thrown, for people and for RWS: what the system says without naming files of this computer, whose paths hold the
 * user's name and help nobody else. Logs take `describeError`.
 */
export function plainReason(error: unknown): string {
  const text = describeError(error);
  // Such as "EPERM: operation not permitted, rename '/home/ann/a' -> '/home/ann/b'".
  if (isSystemError(error)) return withoutPaths(text.split(`, ${error.syscall}`, 1)[0] ?? error.code);
  return withoutPaths(text);
}

function withoutPaths(text: string): string {
  return text.replace(QUOTED_PATH, '…').replace(BARE_PATH, '$1…');
}

function isSystemError(error: unknown): error is Error & SystemError {
  return error instanceof Error && 'errno' in error && 'syscall' in error && typeof error.syscall === 'string';
}
