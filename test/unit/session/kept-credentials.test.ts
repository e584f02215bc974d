import { silentLogger } from '../../../src/lib/logger';
import { Secret } from '../../../src/lib/secret';
import type { LoginRequest, StoredLogin } from '../../../src/session/ports';
import { createServerGate } from '../../../src/session/server-gate';
import { SessionRunner } from '../../../src/session/session-runner';
import { FakeClock, settle } from '../../fakes/fake-clock';
import { FakeCredentialStore } from '../../fakes/fake-credential-store';
import { FakeProblems } from '../../fakes/fake-problems';
import { FakeRwsGateway, rwsError } from '../../fakes/fake-rws-gateway';

const SERVER = 'https://primary.example';

/** A session on a keychain that a test takes away; RWS accepts everybody. */
class Bench {
  readonly clock = new FakeClock();
  readonly gateway = new FakeRwsGateway();
  readonly store = new FakeCredentialStore();
  readonly problems = new FakeProblems();
  readonly runner: SessionRunner;
  #ids = 0;

  constructor(stored?: StoredLogin) {
    this.store.stored = stored;
    this.gateway.script = () => undefined;
    this.runner = new SessionRunner({
      gateway: this.gateway,
      store: this.store,
      clock: this.clock,
      random: () => 0.5,
      log: silentLogger,
      newId: () => `session-${(this.#ids += 1)}`,
      problems: this.problems,
      gate: createServerGate({ server: SERVER, allowedServers: [] }),
      settings: { pingTimeoutSeconds: 60, failoverAfterSeconds: 30, failbackProbeSeconds: 30, timeoutSeconds: 10 },
      hooks: {
        finishRecording: async () => undefined,
        isRecording: () => false,
        openedLogin: () => undefined,
        releaseLogin: () => undefined,
      },
    });
  }
}

const login = (userName: string): LoginRequest => ({
  credentials: { userName, password: new Secret('secret') },
  details: { devices: [] },
});
const stored = (userName: string): StoredLogin => ({ ...login(userName), servers: { primary: SERVER } });

describe('with a keychain that waits for a person', () => {
  const hanging = (): Promise<void> => new Promise(() => undefined);

  it('a login is answered by RWS alone, and a logout waits a second at most', async () => {
    const bench = new Bench();
    bench.store.hangs = hanging();
    void bench.runner.start();
    const signedIn = await bench.runner.login(login('ann'));
    expect(bench.runner.state().status).toBe('connected');
    const loggedOut = bench.runner.logout(signedIn.sessionId);
    await bench.clock.advance(1000);
    await loggedOut;
    expect(bench.runner.state()).toEqual({ status: 'signedOut' });
  });

  it('ends', async () => {
    const bench = new Bench();
    bench.store.hangs = hanging();
    void bench.runner.start();
    await bench.runner.login(login('ann'));
    await bench.runner.stop();
  });

  it('what it held answers too late: whoever signed in meanwhile stays', async () => {
    const after = new Bench(stored('ann'));
    let answer: () => void = () => undefined;
    after.store.hangs = new Promise<void>((resolve) => (answer = resolve));
    const started = after.runner.start();
    await after.runner.login(login('bob'));
    after.store.hangs = undefined;
    answer();
    await started;
    await settle();
    expect(after.runner.current()?.user.userName).toBe('bob');
    expect(after.store.stored?.credentials.userName).toBe('bob');
  });
});

/** Each: what happened while it was locked, and what it holds, and who is signed in, once it is unlocked. */
describe('a keychain that is unlocked later', () => {
  async function locked(session?: StoredLogin): Promise<Bench> {
    const bench = new Bench(session);
    bench.store.isReachable = false;
    await bench.runner.start();
    expect(bench.problems.raised.has('keychainUnavailable')).toBe(true);
    return bench;
  }
  async function unlocked(bench: Bench): Promise<{ readonly holds: string | undefined; readonly signedIn: string | undefined }> {
    bench.store.unlock();
    await settle();
    expect(bench.problems.raised.size).toBe(0);
    return { holds: bench.store.stored?.credentials.userName, signedIn: bench.runner.current()?.user.userName };
  }

  it('nothing happened: the stored session is resumed', async () => {
    expect(await unlocked(await locked(stored('ann')))).toEqual({ holds: 'ann', signedIn: 'ann' });
  });

  it('nothing happened, and there was none: nobody is signed in', async () => {
    expect(await unlocked(await locked())).toEqual({ holds: undefined, signedIn: undefined });
  });

  it('an agent signed in: stored', async () => {
    const bench = await locked(stored('ann'));
    await bench.runner.login(login('bob'));
    expect(await unlocked(bench)).toEqual({ holds: 'bob', signedIn: 'bob' });
  });

  it('an agent signed in and out: nothing is stored, and the one before does not come back', async () => {
    const bench = await locked(stored('ann'));
    const { sessionId } = await bench.runner.login(login('bob'));
    await bench.runner.logout(sessionId);
    expect(await unlocked(bench)).toEqual({ holds: undefined, signedIn: undefined });
  });

  it('two agents signed in, one after the other: the last one is stored', async () => {
    const bench = await locked();
    await bench.runner.login(login('ann'));
    await bench.runner.login(login('bob'));
    expect(await unlocked(bench)).toEqual({ holds: 'bob', signedIn: 'bob' });
  });

  it('a login was refused: the stored session is resumed', async () => {
    const bench = await locked(stored('ann'));
    bench.gateway.script = () => rwsError('unauthenticated');
    await expect(bench.runner.login(login('bob'))).rejects.toMatchObject({ kind: 'unauthenticated' });
    bench.gateway.script = () => undefined;
    expect(await unlocked(bench)).toEqual({ holds: 'ann', signedIn: 'ann' });
  });
});
