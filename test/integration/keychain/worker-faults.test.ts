import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeWorker } from '../../../src/lib/node-worker';
import type { KeychainSight } from '../../../src/keychain/ports';
import { CALL_DEADLINE_MS, ProcessKeychain } from '../../../src/keychain/process-keychain';
import { SystemClock } from '../../../src/lib/clock';
import { silentLogger } from '../../../src/lib/logger';
import { Secret } from '../../../src/lib/secret';
import { until } from '../../support/until';

/** Workers as they may be found: each says its process id in a file, then does what its name says with every question. */
const WORKERS = {
  'dies at once': 'process.exit(7)',
  'dies at the question': "process.on('message', () => process.exit(0))",
  'crashes at the question': "process.on('message', () => process.abort())",
  'answers nonsense': "process.on('message', () => process.send('nonsense'))",
  'answers of another shape': "process.on('message', ({ id }) => process.send({ id, entries: 'secret' }))",
  'answers half': "process.on('message', ({ id }) => process.send({ id }))",
  'is no program': 'this is not JavaScript',
} as const;
const HANGS = "process.on('message', () => undefined)";
const ECHOES = `process.stdout.write('noise'); process.stderr.write('noise');
process.on('message', ({ id, account }) => { process.send({ id: id - 1, entries: [] }); process.send({ id, entries: [{ account, value: 'found' }] }); })`;
const REFUSES = "process.on('message', ({ id }) => process.send({ id, failure: 'no such thing' }))";

describe('a worker of the keychain', () => {
  let folder: string;
  let sight: KeychainSight;
  let keychain: ProcessKeychain;
  let started: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'srs-worker-'));
    sight = { status: 'unknown', mark: 'unknown' };
    started = 0;
  });
  afterEach(async () => {
    await keychain.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function openWith(program: string): Promise<void> {
    const path = join(folder, 'worker.js');
    await writeFile(path, `require('fs').appendFileSync(${JSON.stringify(join(folder, 'pids'))}, process.pid + '\\n');\n${program}`);
    const start = nodeWorker(path);
    keychain = new ProcessKeychain({
      startWorker: (listener) => {
        started += 1;
        return start(listener);
      },
      look: () => Promise.resolve(sight),
      clock: new SystemClock(),
      log: silentLogger,
    });
  }

  const pids = async (): Promise<readonly number[]> =>
    (await readFile(join(folder, 'pids'), 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number);
  const areGone = async (): Promise<boolean> => (await pids()).every((pid) => !isAlive(pid));

  it.each(Object.entries(WORKERS))(
    'that %s: the call fails, and the next ones fail at once without another worker',
    async (_name, program) => {
      await openWith(program);
      await expect(keychain.get('a')).rejects.toMatchObject({ code: 'keychain', isRetryable: true });
      await expect(keychain.set('a', new Secret('b'))).rejects.toMatchObject({ code: 'keychain' });
      expect(started).toBe(1);
      await until('the worker to be gone', areGone);
    },
  );

  it('that never answers: four calls at once are all over with the first one’s deadline, and it is killed', async () => {
    await openWith(HANGS);
    const startedAt = performance.now();
    const calls = [keychain.get('a'), keychain.set('a', new Secret('b')), keychain.delete('a'), keychain.list('a')];
    const results = await Promise.allSettled(calls);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    expect(performance.now() - startedAt).toBeLessThan(CALL_DEADLINE_MS + 1500);
    expect(started).toBe(1);
    await until('the worker to be gone', areGone);
  });

  it('that prints, and answers what nobody asked: heard all the same, and kept for the next call', async () => {
    await openWith(ECHOES);
    expect((await keychain.get('a'))?.reveal()).toBe('found');
    expect((await keychain.get('b'))?.reveal()).toBe('found');
    expect(started).toBe(1);
  });

  it('that says why not: the reason is told, and the next call is made', async () => {
    await openWith(REFUSES);
    await expect(keychain.get('a')).rejects.toThrow('no such thing');
    await expect(keychain.get('a')).rejects.toThrow('no such thing');
    expect(started).toBe(1);
  });

  it('tells when the keychain looks otherwise, and is asked again', async () => {
    await openWith('process.exit(1)');
    await expect(keychain.get('a')).rejects.toMatchObject({ code: 'keychain' });
    const changed = new Promise<void>((resolve) => keychain.onChange(resolve));
    await writeFile(join(folder, 'worker.js'), ECHOES);
    sight = { status: 'open', mark: 'another' };
    await changed;
    expect((await keychain.get('a'))?.reveal()).toBe('found');
  });

  it('is not asked while the keychain is seen to be locked, and is gone after stop', async () => {
    await openWith(ECHOES);
    await keychain.get('a');
    sight = { status: 'locked', mark: 'locked' };
    await expect(keychain.get('a')).rejects.toThrow('it is locked');
    await keychain.stop();
    await expect(keychain.get('a')).rejects.toThrow('the program is ending');
    await until('the worker to be gone', areGone);
  });

  it('is asked by messages alone: neither arguments nor environment hold what is kept', async () => {
    await openWith(
      `require('fs').writeFileSync(${JSON.stringify(join(folder, 'seen'))}, process.argv.join() + JSON.stringify(process.env));${ECHOES}`,
    );
    await keychain.set('a', new Secret('planted-secret'));
    expect(await readFile(join(folder, 'seen'), 'utf8')).not.toContain('planted-secret');
  });
});

describe('the worker as built', () => {
  it('ends with its parent, though its thread waits for ever', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'srs-worker-'));
    // A library that takes the keychain's place and never gives the thread back.
    await writeFile(join(folder, 'keychain-worker.js'), await readFile(join(__dirname, '../../../dist/keychain-worker.js')));
    const keytar = join(folder, 'node_modules/keytar/index.js');
    const hang =
      "exports.getPassword = () => new Promise(() => require('crypto').pbkdf2('a', 'b', 2 ** 31 - 1, 64, 'sha512', () => undefined));";
    await mkdir(dirname(keytar), { recursive: true });
    await writeFile(keytar, hang);
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `const worker = require('child_process').fork(${JSON.stringify(join(folder, 'keychain-worker.js'))});
         worker.send({ id: 1, task: 'get', service: 's', account: 'a', limitMs: 60000 }, () => setTimeout(() => console.log(worker.pid), 300));`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', (data: Buffer) => resolve(data.toString()))));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until('the worker to be gone', () => !isAlive(pid));
    await rm(folder, { recursive: true, force: true });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
