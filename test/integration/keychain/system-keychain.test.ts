import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeWorker } from '../../../src/lib/node-worker';
import { ProcessKeychain } from '../../../src/keychain/process-keychain';
import { lookAtSecretService } from '../../../src/keychain/secret-service';
import { SystemClock } from '../../../src/lib/clock';
import { silentLogger } from '../../../src/lib/logger';
import { Secret } from '../../../src/lib/secret';
import { Keyring, KEYRING_PASSWORD, type KeyringState } from '../../support/keyring';
import { until } from '../../support/until';

const WORKER = join(__dirname, '../../../dist/keychain-worker.js');
/** Without a worker: a look and a refusal. */
const AT_ONCE_MS = 2000;
const run = promisify(execFile);

interface Opened {
  readonly keyring: Keyring;
  readonly keychain: ProcessKeychain;
}

/** The real Secret Service of Debian, gnome-keyring, in the states its users meet. */
describe('the keychain of Linux', () => {
  let keyring: Keyring | undefined;
  let keychain: ProcessKeychain | undefined;
  let changes = 0;
  const environment = { ...process.env };

  const open = async (state: KeyringState, mayAsk = false): Promise<Opened> => openOn(await Keyring.start(state), mayAsk);

  function openOn(started: Keyring, mayAsk = false): Opened {
    keyring = started;
    Object.assign(process.env, keyring.environment); // The worker has the environment of its parent.
    keychain = new ProcessKeychain({
      startWorker: nodeWorker(WORKER),
      look: lookAtSecretService(keyring.environment),
      clock: new SystemClock(),
      log: silentLogger,
      mayAsk,
    });
    changes = 0;
    keychain.onChange(() => (changes += 1));
    return { keyring, keychain };
  }

  afterEach(async () => {
    keyring?.goOn();
    await keychain?.stop();
    await keyring?.stop();
    process.env = { ...environment };
  });

  async function refusalOf(task: Promise<unknown>): Promise<{ readonly text: string; readonly ms: number }> {
    const startedAt = performance.now();
    const text = await task.then(
      () => 'not refused',
      (error: Error) => error.message,
    );
    return { text, ms: performance.now() - startedAt };
  }

  it('keeps, gives, lists and removes entries', async () => {
    const { keychain: kept } = await open('unlocked');
    expect(await kept.get('agent-session')).toBeUndefined();
    await kept.set('agent-session', new Secret('pässword "1"\n'));
    await kept.set('spool-key:1', new Secret('one'));
    await kept.set('spool-key:2', new Secret('two'));
    expect((await kept.get('agent-session'))?.reveal()).toBe('pässword "1"\n');
    const listed = [...(await kept.list('spool-key'))].map(([account, value]) => [account, value.reveal()]);
    expect(listed.sort()).toEqual([
      ['spool-key:1', 'one'],
      ['spool-key:2', 'two'],
    ]);
    await kept.delete('agent-session');
    await kept.delete('agent-session');
    expect(await kept.get('agent-session')).toBeUndefined();
  });

  it.each(['locked', 'none'] as const)('%s: every call is refused at once, and no person is disturbed', async (state) => {
    const { keychain: locked } = await open(state);
    const calls = [locked.get('a'), locked.set('a', new Secret('b')), locked.delete('a'), locked.list('a')];
    for (const { text, ms } of await Promise.all(calls.map(refusalOf))) {
      expect(text).toContain('it is locked');
      expect(ms).toBeLessThan(AT_ONCE_MS);
    }
  });

  it('locked while it is used, and restarted unlocked: refused, then told of, and used again', async () => {
    const { keyring: own, keychain: used } = await open('unlocked');
    await used.set('a', new Secret('b'));
    await own.lock();
    expect((await refusalOf(used.get('a'))).text).toContain('it is locked');
    expect(changes).toBe(0);
    await own.runDaemon('unlocked');
    await until('the change', () => changes === 1);
    expect((await used.get('a'))?.reveal()).toBe('b');
  });

  it('a daemon that answers nothing: refused within the deadline of a look, and used again when it goes on', async () => {
    const { keyring: own, keychain: used } = await open('unlocked');
    await used.set('a', new Secret('b'));
    own.pause();
    const [first, ...others] = await Promise.all([1, 2, 3, 4].map(() => refusalOf(used.get('a'))));
    expect(first?.text).toContain('it does not answer');
    for (const { ms } of [first, ...others].filter((each) => each !== undefined)) expect(ms).toBeLessThan(4000);
    own.goOn();
    await until('the change', () => changes === 1);
    expect((await used.get('a'))?.reveal()).toBe('b');
  });

  it('gone and started again', async () => {
    const { keyring: own, keychain: used } = await open('unlocked');
    await used.set('a', new Secret('b'));
    await own.endDaemon();
    await own.runDaemon('unlocked');
    expect((await used.get('a'))?.reveal()).toBe('b');
  });

  it('started by the bus at the first call, and slow at it: refused at the deadline, told of, and used', async () => {
    const { keychain: slow } = openOn(await Keyring.startOnDemand(7));
    expect((await refusalOf(slow.set('a', new Secret('b')))).text).toContain('no answer within 5 s');
    await until('the change', () => changes > 0);
    await slow.set('a', new Secret('b'));
    expect((await slow.get('a'))?.reveal()).toBe('b');
  });

  it('asks the person once, in the background, and leaves the time to type the password', async () => {
    const { keychain: locked } = await open('locked', true);
    expect((await refusalOf(locked.get('a'))).ms).toBeLessThan(AT_ONCE_MS);
    const window = await until('the system’s question', () => findPrompt());
    await refusalOf(locked.get('a'));
    // Longer than a call may last: it is still there.
    const askedAt = performance.now();
    await until('some time to pass', () => performance.now() - askedAt > 6000);
    await run('xdotool', ['windowfocus', '--sync', window, 'type', '--delay', '20', KEYRING_PASSWORD]);
    await run('xdotool', ['key', 'Return']);
    await until('the change', () => changes === 1);
    await locked.set('a', new Secret('b'));
    expect((await locked.get('a'))?.reveal()).toBe('b');
  });

  async function findPrompt(): Promise<string | undefined> {
    const found = await run('xdotool', ['search', '--onlyvisible', '--class', 'gcr-prompter']).catch(() => undefined);
    return found?.stdout.trim().split('\n')[0] || undefined;
  }
});

describe('no way to a keychain', () => {
  it.each<readonly [string, NodeJS.ProcessEnv, string]>([
    ['nothing named', {}, 'no D-Bus'],
    ['a folder without a bus', { XDG_RUNTIME_DIR: '/nowhere' }, 'no D-Bus'],
    ['a bus that is gone', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere/bus' }, 'no D-Bus'],
  ])('%s: refused without starting anything', async (_name, env, reason) => {
    const startWorker = (): never => {
      throw new Error('a worker was started');
    };
    const keychain = new ProcessKeychain({ startWorker, look: lookAtSecretService(env), clock: new SystemClock(), log: silentLogger });
    await expect(keychain.get('a')).rejects.toThrow(reason);
    await keychain.stop();
  });
});
