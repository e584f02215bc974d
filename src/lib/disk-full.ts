import { errnoOf } from './errno-of';

/** No room left, on the disk or for this user (quota): also told when a disk has no more room for names of files. */
export function isDiskFull(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}
