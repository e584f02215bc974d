import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { prepareDataDirectory } from '../../../src/config/data-directory';
import { lockByProgram } from '../../../src/lib/folder-lock';
import { takeInstanceLock } from '../../../src/lib/instance-lock';
import { isAppError } from '../../../src/shared/errors';
import { runAsOtherUser, startAsOtherUser } from '../../support/other-user';

describe('takeInstanceLock', () => {
  let directory: string;
  const started: ChildProcess[] = [];

  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'srs-lock-'))));
  afterEach(async () => {
    for (const child of started.splice(0)) await ended(child);
    await rm(directory, { recursive: true, force: true });
  });

  async function ended(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  it('refuses a second holder and names the folder', async () => {
    const lock = await takeInstanceLock(directory);
    const second = await takeInstanceLock(directory).catch((error: unknown) => error);
    expect(isAppError(second, 'alreadyRunning')).toBe(true);
    expect((second as Error).message).toContain(directory);
    await lock.release();
  });

  it.each([
    ['a slash at the end', (path: string) => `${path}/`],
    ['two slashes', (path: string) => path.replace(/\/([^/]+)$/, '//$1')],
    ['a way round', (path: string) => join(path, 'x').replace(/x$/, '../') + path.split('/').pop()],
    ['a relative path', (path: string) => relative(process.cwd(), path)],
    [
      'a link',
      async (path: string) => {
        await symlink(path, join(path, 'link'));
        return join(path, 'link');
      },
    ],
    [
      'a new name of the folder',
      async (path: string) => {
        await rename(path, `${path}-moved`);
        await symlink(`${path}-moved`, path);
        return `${path}-moved`;
      },
    ],
  ])('is one lock a folder: %s', async (_what, spell) => {
    const lock = await takeInstanceLock(directory);
    const other = await spell(directory);
    await expect(takeInstanceLock(other)).rejects.toMatchObject({ code: 'alreadyRunning' });
    await lock.release();
    await (await takeInstanceLock(other)).release();
    await rm(`${directory}-moved`, { recursive: true, force: true });
  });

  it('is free again after it was released', async () => {
    const first = await takeInstanceLock(directory);
    await first.release();
    const second = await takeInstanceLock(directory);
    await first.release();
    await expect(takeInstanceLock(directory)).rejects.toMatchObject({ code: 'alreadyRunning' });
    await second.release();
  });

  it('keeps folders apart', async () => {
    const other = join(directory, 'other');
    await mkdir(other);
    const locks = await Promise.all([takeInstanceLock(directory), takeInstanceLock(other)]);
    await Promise.all(locks.map((lock) => lock.release()));
  });

  it('goes to one of many that ask at once', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => takeInstanceLock(directory)));
    const held = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(held).toHaveLength(1);
    await held[0]?.release();
  });

  it('leaves nothing in the folder', async () => {
    const lock = await takeInstanceLock(directory);
    expect(await readdir(directory)).toEqual([]);
    await lock.release();
  });

  it('is free again after its process was killed, whatever that had started', async () => {
    const holder = spawn(process.execPath, ['-e', holderProgram(directory)], { stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(holder);
    const [line] = (await once(holder.stdout, 'data')) as [Buffer];
    const orphan = Number(String(line).split(' ')[1]);
    await expect(takeInstanceLock(directory)).rejects.toMatchObject({ code: 'alreadyRunning' });
    await ended(holder);
    await (await takeInstanceLock(directory)).release();
    process.kill(orphan, 'SIGKILL');
  });

  it('cannot be taken first by another user: the folder is closed to others before', async () => {
    await chmod(directory, 0o755);
    await prepareDataDirectory(directory);
    const hold = ['--nonblock', directory, 'sh', '-c', 'echo held; exec sleep 60'];
    await expect(runAsOtherUser('flock', hold)).rejects.toThrow(/cannot open lock file|Permission denied/);
    await (await takeInstanceLock(directory)).release();
  });

  it('does not go by a name that another user can take, such as a socket’s', async () => {
    const name = `srs-${createHash('sha256').update(directory).digest('hex').slice(0, 24)}`;
    const squat = `require('node:net').createServer().listen('\\0${name}', () => console.log('held'))`;
    const squatter = startAsOtherUser(process.execPath, ['-e', squat]);
    started.push(squatter);
    await once(squatter.stdout!, 'data');
    await (await takeInstanceLock(directory)).release();
  });

  it('locks a file in the folder where the file system locks no folders', async () => {
    const program = join(directory, 'no-folders');
    await writeFile(program, '#!/bin/sh\n[ -d /proc/self/fd/3 ] && { echo "Bad file descriptor" >&2; exit 65; }\nexec flock "$@"\n', {
      mode: 0o700,
    });
    const lock = await lockByProgram(directory, [join(directory, 'missing'), program]);
    expect(await readdir(directory)).toContain('service.lock');
    expect(await lockByProgram(directory, [program])).toBeUndefined();
    await lock?.release();
    await (await lockByProgram(directory, [program]))?.release();
  });

  it.each([
    ['no file system to lock on', '#!/bin/sh\necho "No locks available" >&2; exit 71\n', 'configuration', 'No locks available'],
    ['no program to lock with', undefined, 'dependencyMissing', 'util-linux'],
  ])('says so: %s', async (_what, script, code, text) => {
    const program = join(directory, 'flock');
    if (script !== undefined) await writeFile(program, script, { mode: 0o700 });
    await expect(lockByProgram(directory, [program])).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
  });
});

/** The product's own module, bundled, in a process of its own, which has started another that lives on. */
function holderProgram(directory: string): string {
  const { buildSync } = jest.requireActual<typeof import('esbuild')>('esbuild');
  const built = buildSync({
    stdin: {
      contents: `import { spawn } from 'node:child_process';
        import { takeInstanceLock } from './src/lib/instance-lock';
        takeInstanceLock(${JSON.stringify(directory)}).then(() => {
          const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
          console.log('held', child.pid);
          setInterval(() => {}, 1000);
        });`,
      resolveDir: join(__dirname, '../../..'),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  return built.outputFiles[0]?.text ?? '';
}
