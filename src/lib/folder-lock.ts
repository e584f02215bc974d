import { spawn } from 'node:child_process';
import { close, constants, open } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { AppError, describeError } from '../shared/errors';
import { englishEnvironment } from './english-environment';
import { errnoOf } from './errno-of';

export interface FolderLock {
  release(): Promise<void>;
}

/** How a lock is taken on what is open: `held` is ours now, `taken` somebody else's, `unsupported` is not known to this file system. */
type Outcome = { readonly type: 'held' | 'taken' } | { readonly type: 'unsupported'; readonly reason: string };

/** macOS: lock while opening (open(2)). */
const O_EXLOCK = 0x20;
/** Windows, as libuv has it (`UV_FS_O_EXLOCK`): nobody else can open the file while it is open here. */
const WINDOWS_EXCLUSIVE = 0x10000000;
/** A virus scanner may just look at the file. */
const WINDOWS_TRIES = 8;
const WINDOWS_RETRY_MS = 250;
/** A file server that does not answer. */
const FLOCK_DEADLINE_MS = 5_000;
/** util-linux; a name without a folder is looked for in PATH. */
const FLOCK_PROGRAMS = ['/usr/bin/flock', '/bin/flock', 'flock'];
const FILE_NAME = 'service.lock';
const OWN_FILE = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

/**
 * The system's own lock on the folder itself, so that there is one however the folder is spelt, it needs no room on the disk, it goes with the process,
 * and only who can open the folder can take it. Where a file system locks no folders (NFS) it is that of the file `service.lock` in it; on Windows always.
 * @returns `undefined` when another process holds it. Throws the system's error when the folder cannot be opened.
 */
export function lockFolder(folder: string, platform: NodeJS.Platform = process.platform): Promise<FolderLock | undefined> {
  switch (platform) {
    case 'win32':
      return lockOnWindows(join(folder, FILE_NAME));
    case 'darwin':
      return lockEither(folder, lockWhileOpening);
    default:
      return lockEither(folder, (path, flags) => lockOpened(path, flags));
  }
}

/** @param programs other ones than the system's, for tests */
export function lockByProgram(folder: string, programs: readonly string[]): Promise<FolderLock | undefined> {
  return lockEither(folder, (path, flags) => lockOpened(path, flags, programs));
}

type TryLock = (path: string, flags: number) => Promise<Outcome & { readonly handle?: number }>;

/** The same answer for every process, since it lies in the file system. */
async function lockEither(folder: string, tryLock: TryLock): Promise<FolderLock | undefined> {
  let outcome = await tryLock(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  if (outcome.type === 'unsupported') outcome = await tryLock(join(folder, FILE_NAME), OWN_FILE);
  if (outcome.type === 'unsupported') {
    throw new AppError(
      'configuration',
      `The data directory ${folder} cannot be locked (${outcome.reason}). Set dataDirectory to a folder on a disk of this computer.`,
    );
  }
  return outcome.handle === undefined ? undefined : lockOf(outcome.handle);
}

async function lockOpened(path: string, flags: number, programs = FLOCK_PROGRAMS as readonly string[]): ReturnType<TryLock> {
  // A number, not a FileHandle: that one closes itself when nobody remembers it.
  const handle = await promisify(open)(path, flags, 0o600);
  const outcome = await flock(handle, programs).catch(async (error: unknown) => {
    await promisify(close)(handle);
    throw error;
  });
  if (outcome.type === 'held') return { ...outcome, handle };
  await promisify(close)(handle);
  return outcome;
}

/** Node has no call for it: the program locks what it is handed down, and the lock stays with what is open here. */
async function flock(handle: number, programs: readonly string[]): Promise<Outcome> {
  for (const program of programs) {
    const outcome = await runFlock(program, handle);
    if (outcome !== undefined) return outcome;
  }
  throw new AppError(
    'dependencyMissing',
    'The program "flock" is missing, which keeps two services from working on the same folder. Install util-linux.',
  );
}

/** @returns `undefined` when there is no such program */
function runFlock(program: string, handle: number): Promise<Outcome | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['-x', '-n', '3'], { stdio: ['ignore', 'ignore', 'pipe', handle], env: englishEnvironment() });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    const timer = setTimeout(() => child.kill('SIGKILL'), FLOCK_DEADLINE_MS);
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ENOENT') resolve(undefined);
      else reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve({ type: 'held' });
      else if (code === 1) resolve({ type: 'taken' });
      else resolve({ type: 'unsupported', reason: said.trim() || `no answer within ${FLOCK_DEADLINE_MS / 1000} s` });
    });
  });
}

async function lockWhileOpening(path: string, flags: number): ReturnType<TryLock> {
  try {
    return { type: 'held', handle: await promisify(open)(path, flags | constants.O_NONBLOCK | O_EXLOCK, 0o600) };
  } catch (error) {
    const code = errnoOf(error) ?? '';
    if (code === 'EAGAIN' || code === 'EWOULDBLOCK') return { type: 'taken' };
    if (['ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'EBADF', 'ENOLCK', 'EISDIR'].includes(code))
      return { type: 'unsupported', reason: describeError(error) };
    throw error;
  }
}

async function lockOnWindows(path: string): Promise<FolderLock | undefined> {
  for (let left = WINDOWS_TRIES; left > 0; left -= 1) {
    try {
      return lockOf(await promisify(open)(path, OWN_FILE | WINDOWS_EXCLUSIVE, 0o600));
    } catch (error) {
      if (errnoOf(error) !== 'EBUSY') throw error;
      if (left > 1) await wait(WINDOWS_RETRY_MS);
    }
  }
  return undefined;
}

function lockOf(handle: number): FolderLock {
  let released: Promise<void> | undefined;
  return { release: () => (released ??= promisify(close)(handle)) };
}
