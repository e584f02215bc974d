import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import { Keyring } from '../../support/keyring';
import type { SessionVictimTask } from '../../support/session-victim';
import { until } from '../../support/until';

const ROOT = join(__dirname, '..', '..', '..');

/** A real Secret Service, a real process that is killed. */
describe('a session in the keychain', () => {
  let folder: string;
  let storage: string;
  let keyring: Keyring;
  let simulator: Simulator;
  let server: string;
  const victims: ChildProcess[] = [];

  beforeAll(async () => {
    // Inside the checkout, so that the bundle finds the native module.
    folder = await mkdtemp(join(ROOT, 'node_modules', '.session-victim-'));
    await build({
      entryPoints: {
        victim: join(ROOT, 'test/support/session-victim.ts'),
        'keychain-worker': join(ROOT, 'src/keychain/keychain-worker.ts'),
      },
      outdir: folder,
      bundle: true,
      platform: 'node',
      external: ['keytar'],
      logLevel: 'error',
    });
    keyring = await Keyring.start();
  });

  beforeEach(async () => {
    storage = await mkdtemp(join(tmpdir(), 'srs-keychain-'));
    simulator = createSimulator({
      accounts: [{ userName: 'ann', password: 'secret' }],
      storage,
    });
    ({ server } = await simulator.start());
  });

  afterEach(async () => {
    victims.splice(0).forEach((victim) => victim.kill('SIGKILL'));
    await simulator.stop();
    await rm(storage, { recursive: true, force: true });
  });

  afterAll(async () => {
    await keyring.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function run(
    task: SessionVictimTask,
    ...args: readonly string[]
  ): { readonly victim: ChildProcess; readonly words: string[]; readonly errors: string[] } {
    const victim = spawn(process.execPath, [join(folder, 'victim.js'), task, ...args], { env: keyring.environment });
    victims.push(victim);
    const words: string[] = [];
    const errors: string[] = [];
    victim.stdout.on('data', (chunk: Buffer) => words.push(...chunk.toString().trim().split('\n')));
    victim.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    return { victim, words, errors };
  }

  it('is back after SIGKILL without the desktop, and gone after logout', async () => {
    const first = run('login', server);
    await until('the session to be kept', () => first.words.includes('kept'));
    first.victim.kill('SIGKILL');
    await until('the process to be gone', () => first.victim.signalCode !== null);

    const second = run('resume');
    await until('the session to be back', () => second.words.includes('connected'));
    expect(second.errors).toEqual([]);
    expect(simulator.control.agents().some(({ userName, isListening }) => userName === 'ann' && isListening)).toBe(true);
    expect(entriesOf(second.victim)).not.toContain('secret');
    second.victim.stdin?.write('logout\n');
    await until('the logout', () => second.words.includes('signedOut'));
    second.victim.kill('SIGKILL');

    const third = run('login', server);
    await until('a login after that', () => third.words.includes('kept'));
    expect(third.words.slice(0, 2)).toEqual(['started', 'signingIn']);
    third.victim.stdin?.write('logout\n');
    await until('the logout', () => third.words.includes('signedOut'));

    const fourth = run('resume');
    await until('the next start', () => fourth.words.includes('started'));
    expect(fourth.words).toEqual(['started']);
  });

  /** Its command line, as every user of the computer can read it. */
  function entriesOf(victim: ChildProcess): string {
    return victim.spawnargs.join(' ');
  }
});
