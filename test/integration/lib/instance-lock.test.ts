import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeInstanceLock } from '../../../src/lib/instance-lock';
import { isAppError } from '../../../src/shared/errors';

describe('takeInstanceLock', () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'srs-lock-'))));
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('refuses a second holder and names the folder', async () => {
    const lock = await takeInstanceLock(directory);
    const second = await takeInstanceLock(directory).catch((error: unknown) => error);
    expect(isAppError(second, 'alreadyRunning')).toBe(true);
    expect((second as Error).message).toContain(directory);
    await lock.release();
  });

  it('is free again after it was released', async () => {
    await (await takeInstanceLock(directory)).release();
    await (await takeInstanceLock(directory)).release();
  });

  it('keeps folders apart', async () => {
    const locks = await Promise.all([takeInstanceLock(directory), takeInstanceLock(`${directory}-other`)]);
    await Promise.all(locks.map((lock) => lock.release()));
  });

  it('is free again after its process was killed', async () => {
    const holder = spawn(process.execPath, ['-e', holderProgram(directory)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    await expect(takeInstanceLock(directory)).rejects.toMatchObject({ code: 'alreadyRunning' });
    const exited = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await exited;
    await (await takeInstanceLock(directory)).release();
  });
});

/** The product's own module, bundled, in a process of its own. */
function holderProgram(directory: string): string {
  const { buildSync } = jest.requireActual<typeof import('esbuild')>('esbuild');
  const built = buildSync({
    stdin: {
      contents: `import { takeInstanceLock } from './src/lib/instance-lock';
        takeInstanceLock(${JSON.stringify(directory)}).then(() => { console.log('held'); setInterval(() => {}, 1000); });`,
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
