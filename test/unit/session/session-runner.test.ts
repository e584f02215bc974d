import { silentLogger } from '../../../src/lib/logger';
import { Secret } from '../../../src/lib/secret';
import type { LoginRequest } from '../../../src/session/ports';
import type { RwsLogin } from '../../../src/rws/ports';
import { createServerGate } from '../../../src/session/server-gate';
import { SessionRunner } from '../../../src/session/session-runner';
import { AppError } from '../../../src/shared/errors';
import type { RecordedAgent, RecordingCommand } from '../../../src/shared/recording';
import { FakeClock, settle } from '../../fakes/fake-clock';
import { FakeCredentialStore } from '../../fakes/fake-credential-store';
import { FakeProblems } from '../../fakes/fake-problems';
import { FakeRwsGateway, rwsError } from '../../fakes/fake-rws-gateway';

const PRIMARY = 'https://primary.example';
const PEER = 'https://peer.example';

class Bench {
  readonly clock = new FakeClock();
  readonly gateway = new FakeRwsGateway();
  readonly store = new FakeCredentialStore();
  readonly problems = new FakeProblems();
  readonly log: string[] = [];
  readonly commands: { command: RecordingCommand; agent: RecordedAgent }[] = [];
  isRecording = false;
  readonly runner: SessionRunner;
  #ids = 0;

  constructor(settings: { server?: string; peer_server?: string } = {}, allowedServers = ['*.example']) {
    this.runner = new SessionRunner({
      gateway: this.gateway,
      store: this.store,
      clock: this.clock,
      random: () => 0.5,
      log: silentLogger,
      newId: () => `session-${(this.#ids += 1)}`,
      problems: this.problems,
      gate: createServerGate({ ...settings, allowedServers }),
      settings: { pingTimeoutSeconds: 60, failoverAfterSeconds: 30, failbackProbeSeconds: 30, timeoutSeconds: 10 },
      hooks: {
        finishRecording: async () => {
          this.log.push('finish');
          this.isRecording = false;
        },
        isRecording: () => this.isRecording,
        openedLogin: (login) => this.log.push(`opened ${this.#name(login)}`),
        releaseLogin: (login) => this.log.push(`released ${this.#name(login)}`),
      },
    });
    this.runner.onCommand((command, agent) => this.commands.push({ command, agent }));
  }

  /** RWS accepts everything, except what the script refuses. */
  static accepting(settings: { server?: string; peer_server?: string } = { server: PRIMARY }, allowedServers?: string[]): Bench {
    const bench = new Bench(settings, allowedServers);
    bench.gateway.script = () => undefined;
    return bench;
  }

  asked(): string[] {
    return this.gateway.signIns.map(({ server, credentials }) => `${credentials.userName}@${new URL(server).hostname.split('.')[0]}`);
  }

  #name({ user, http }: RwsLogin): string {
    return `${user.userName}@${new URL(http.server).hostname.split('.')[0]}`;
  }
}

const login = (userName = 'ann', extra: Partial<LoginRequest> = {}): LoginRequest => ({
  credentials: { userName, password: new Secret('secret') },
  details: { devices: [] },
  ...extra,
});
const both = { server: PRIMARY, peer_server: PEER };
const start = (id: string): RecordingCommand => ({ type: 'start', recording: { id } });

/** Moves time on until the promise has settled. */
async function settled<T>(clock: FakeClock, promise: Promise<T>, maxMs = 60_000): Promise<T> {
  let isDone = false;
  promise.then(
    () => (isDone = true),
    () => (isDone = true),
  );
  for (let passed = 0; !isDone && passed <= maxMs; passed += 250) await clock.advance(250);
  return promise;
}

describe('login', () => {
  it('opens a session on the primary, keeps the credentials, names the agent', async () => {
    const bench = new Bench(both);
    const result = bench.runner.login(login('ann', { details: { place: 'P1', devices: [{ dn: '1', switch: 'S' }] } }));
    (await bench.gateway.nextSignIn()).accept({ firstName: 'Ann' });
    expect(bench.runner.state()).toEqual({ status: 'signingIn', userName: 'ann' });
    (await bench.gateway.nextOpen()).accept();
    expect(await result).toMatchObject({ sessionId: 'session-1', user: { userName: 'ann', firstName: 'Ann' } });
    expect(bench.runner.state()).toMatchObject({
      status: 'connected',
      server: PRIMARY,
      which: 'primary',
      agent: { firstName: 'Ann', place: 'P1' },
    });
    await settle(); // the store is told behind the login
    expect(bench.store.stored).toMatchObject({ servers: { primary: PRIMARY, peer: PEER }, details: { place: 'P1' } });
    expect(bench.log).toEqual(['opened ann@primary']);
    expect(bench.runner.current()?.user.userName).toBe('ann');
  });

  it('names the server that is missing', async () => {
    await expect(new Bench().runner.login(login())).rejects.toMatchObject({
      code: 'invalidRequest',
      message: expect.stringContaining('server') as string,
    });
  });

  it('lets the login’s own servers override the configured ones, without a peer that is no peer of theirs', async () => {
    const bench = Bench.accepting(both);
    await bench.runner.login(login('ann', { server: 'https://other.example' }));
    expect(bench.asked()).toEqual(['ann@other']);
    await settle();
    expect(bench.store.stored?.servers).toEqual({ primary: 'https://other.example' });
  });

  it('refuses a server that is not allowed before anything is sent, and leaves the session alone', async () => {
    const bench = Bench.accepting(both);
    await bench.runner.login(login());
    for (const named of [{ server: 'https://evil.test' }, { peerServer: 'https://evil.test' }]) {
      expect(() => bench.runner.checkServers(named)).toThrow(expect.objectContaining({ code: 'serverRefused' }));
      await expect(bench.runner.login(login('ann', named))).rejects.toMatchObject({ code: 'serverRefused' });
    }
    expect(bench.asked()).toEqual(['ann@primary']);
    expect(bench.runner.state()).toMatchObject({ status: 'connected', agent: { userName: 'ann' } });
    expect(bench.problems.raised.size).toBe(0);
  });

  it('shows that nothing is configured', async () => {
    const bench = Bench.accepting({}, []);
    for (const named of [{}, { server: 'https://other.example' }, { server: 'http://127.0.0.1:9000' }]) {
      bench.problems.raised.clear();
      await expect(bench.runner.login(login('ann', named))).rejects.toMatchObject({ isExpected: true });
      expect(bench.problems.raised.has('noConfiguration')).toBe(true);
    }
    expect(bench.asked()).toEqual([]);
  });

  it('tries up to three times on each server, within 20 s, then asks to come again', async () => {
    const bench = new Bench(both);
    bench.gateway.script = () => rwsError('unavailable');
    const begin = bench.clock.now();
    await expect(settled(bench.clock, bench.runner.login(login()))).rejects.toMatchObject({
      kind: 'unavailable',
      retryAfterMs: expect.any(Number) as number,
    });
    expect(bench.asked()).toEqual(['ann@primary', 'ann@primary', 'ann@primary', 'ann@peer', 'ann@peer', 'ann@peer']);
    expect(bench.clock.now() - begin).toBeLessThanOrEqual(20_500);
    expect(bench.runner.state()).toEqual({ status: 'signedOut' });
    expect(bench.problems.raised.has('rwsUnreachable')).toBe(true);
  });

  it('gives a server that hangs 10 s, then the peer', async () => {
    const bench = new Bench(both);
    const result = bench.runner.login(login());
    await bench.clock.advance(10_000);
    const last = bench.gateway.signIns.at(-1);
    expect(last?.server).toBe(PEER);
    last?.accept();
    await settle();
    (await bench.gateway.nextOpen()).accept();
    await result;
    expect(bench.runner.state()).toMatchObject({ which: 'peer' });
  });

  it('does not wait for a Retry-After longer than its time', async () => {
    const bench = new Bench(both);
    bench.gateway.script = (server) => (server === PRIMARY ? rwsError('unavailable', { retryAfterMs: 60_000 }) : undefined);
    await settled(bench.clock, bench.runner.login(login()));
    expect(bench.asked()).toEqual(['ann@primary', 'ann@peer']);
  });

  it.each(['unauthenticated', 'refused'] as const)('takes %s for an answer', async (kind) => {
    const bench = new Bench(both);
    bench.gateway.script = () => rwsError(kind, { statusCode: 3 });
    await expect(bench.runner.login(login())).rejects.toMatchObject({ kind, statusCode: 3 });
    expect(bench.asked()).toEqual(['ann@primary']);
    expect(bench.store.stored).toBeUndefined();
    expect(bench.problems.raised.size).toBe(0);
  });

  it('does not repeat what a certificate made fail', async () => {
    const bench = new Bench(both);
    bench.gateway.script = (server) => (server === PRIMARY ? rwsError('tls') : undefined);
    await settled(bench.clock, bench.runner.login(login()));
    expect(bench.asked()).toEqual(['ann@primary', 'ann@peer']);
  });

  it.each([
    ['a file of rws.ca that is no good', new AppError('configuration', 'The CA file named in rws.ca cannot be read.')],
    ['a mistake of this program', new TypeError('x is not a function')],
  ])('hands on %s at once, in its own words', async (_what, fault) => {
    const bench = Bench.accepting({ server: PRIMARY, peer_server: PEER });
    bench.gateway.script = () => fault;
    await expect(bench.runner.login(login())).rejects.toBe(fault);
    expect(bench.asked()).toEqual(['ann@primary']);
    expect(bench.problems.raised.get('rwsUnreachable')?.text).toContain(fault.message);
  });

  it('keeps the session of the same agent who logs in again', async () => {
    const bench = Bench.accepting();
    const first = await bench.runner.login(login());
    expect(await bench.runner.login(login())).toBe(first);
    expect(bench.asked()).toEqual(['ann@primary']);
  });

  it.each([
    ['another place', { details: { place: 'P2', devices: [] } }],
    ['another server', { server: 'https://third.example' }],
    ['another password', { credentials: { userName: 'ann', password: new Secret('new') } }],
  ])('opens a new session for the same agent with %s', async (_what, extra) => {
    const bench = Bench.accepting();
    const first = await bench.runner.login(login());
    const second = await bench.runner.login(login('ann', extra));
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(bench.gateway.openSessions).toHaveLength(1);
  });

  it('keeps the session of the same agent whose name comes in other case', async () => {
    const bench = Bench.accepting();
    const first = await bench.runner.login(login('Ann'));
    expect(await bench.runner.login(login('ANN'))).toBe(first);
    expect(first.verify(login('ann').credentials)).toBe(true);
    expect(first.verify({ userName: 'Ann', password: new Secret('SECRET') })).toBe(false);
    expect(bench.asked()).toEqual(['Ann@primary']);
  });

  it('runs two logins at once one after the other', async () => {
    const bench = new Bench({ server: PRIMARY });
    const first = bench.runner.login(login('ann'));
    const second = bench.runner.login(login('bob'));
    const question = await bench.gateway.nextSignIn();
    await settle();
    expect(bench.asked()).toEqual(['ann@primary']);
    question.accept();
    (await bench.gateway.nextOpen()).accept();
    await first;
    (await bench.gateway.nextSignIn()).accept();
    (await bench.gateway.nextOpen()).accept();
    await second;
    expect(bench.gateway.openSessions.map(({ http }) => http.userName)).toEqual(['bob']);
  });

  it('compares credentials only with the agent’s own', async () => {
    const bench = Bench.accepting();
    const signedIn = await bench.runner.login(login());
    expect(signedIn.verify({ userName: 'ann', password: new Secret('secret') })).toBe(true);
    expect(signedIn.verify({ userName: 'ann', password: new Secret('other') })).toBe(false);
    expect(signedIn.verify({ userName: 'bob', password: new Secret('secret') })).toBe(false);
  });
});

describe('hot seat', () => {
  it('leaves the running session untouched when the new credentials are refused', async () => {
    const bench = Bench.accepting();
    const first = await bench.runner.login(login());
    const before = bench.runner.state();
    bench.gateway.script = () => rwsError('unauthenticated');
    await expect(bench.runner.login(login('bob'))).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(bench.runner.current()).toBe(first);
    expect(bench.runner.state()).toEqual(before);
    expect(bench.log).toEqual(['opened ann@primary']);
    expect(bench.gateway.session.isOver).toBe(false);
  });

  it('validates, finishes the recording, ends the old session, and only then opens the new one', async () => {
    const bench = Bench.accepting();
    await bench.runner.login(login());
    const old = bench.gateway.session;
    bench.gateway.script = undefined;
    const result = bench.runner.login(login('bob'));
    const question = await bench.gateway.nextSignIn();
    expect(old.isOver).toBe(false);
    question.accept();
    const open = await bench.gateway.nextOpen();
    expect(old.isEnded).toBe(true);
    expect(bench.log).toEqual(['opened ann@primary', 'finish', 'released ann@primary']);
    expect(bench.store.stored).toBeUndefined();
    open.accept();
    await result;
    await settle();
    expect(bench.store.stored?.credentials.userName).toBe('bob');
    expect(bench.runner.state()).toMatchObject({ status: 'connected', agent: { userName: 'bob' } });
  });

  it('never lets the old session start a recording again', async () => {
    const bench = Bench.accepting();
    await bench.runner.login(login());
    const old = bench.gateway.session;
    await bench.runner.login(login('bob'));
    old.listener.onCommand(start('late'));
    old.listener.onEnded(rwsError('unavailable'));
    expect(bench.commands).toEqual([]);
    expect(bench.runner.state()).toMatchObject({ status: 'connected', agent: { userName: 'bob' } });
  });
});

describe('logout', () => {
  it('finishes, ends, forgets', async () => {
    const bench = Bench.accepting();
    const { sessionId } = await bench.runner.login(login());
    await bench.runner.logout(sessionId);
    expect(bench.log).toEqual(['opened ann@primary', 'finish', 'released ann@primary']);
    expect(bench.gateway.session.isEnded).toBe(true);
    expect(bench.store.stored).toBeUndefined();
    expect(bench.runner.current()).toBeUndefined();
    expect(bench.runner.state()).toEqual({ status: 'signedOut' });
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('completes when RWS does not answer within 5 s', async () => {
    const bench = Bench.accepting();
    const { sessionId } = await bench.runner.login(login());
    bench.gateway.session.isDeaf = true;
    const result = bench.runner.logout(sessionId);
    await bench.clock.advance(4900);
    expect(bench.runner.state().status).toBe('signingOut');
    await bench.clock.advance(200);
    await result;
    expect(bench.runner.state()).toEqual({ status: 'signedOut' });
  });

  it('does nothing for a session that is not the current one', async () => {
    const bench = Bench.accepting();
    await bench.runner.login(login());
    await bench.runner.logout('another');
    expect(bench.runner.state().status).toBe('connected');
  });
});

describe('polling', () => {
  it('expires the session a minute after the last poll, finishing, ending and forgetting', async () => {
    const bench = Bench.accepting();
    const { sessionId } = await bench.runner.login(login());
    bench.runner.poll(sessionId);
    await bench.clock.advance(59_000);
    bench.runner.poll(sessionId);
    bench.runner.poll('another');
    await bench.clock.advance(59_000);
    expect(bench.runner.state()).toMatchObject({ status: 'connected' });
    await bench.clock.advance(1500);
    expect(bench.runner.state()).toMatchObject({ status: 'expired', agent: { userName: 'ann' } });
    expect(bench.runner.current()).toBeUndefined();
    expect(bench.log).toEqual(['opened ann@primary', 'finish', 'released ann@primary']);
    expect(bench.store.stored).toBeUndefined();
    bench.gateway.session.listener.onCommand(start('late'));
    expect(bench.commands).toEqual([]);
    await bench.runner.login(login());
    expect(bench.runner.state()).toMatchObject({ status: 'connected' });
  });

  it('never expires a session whose desktop does not poll', async () => {
    const bench = Bench.accepting();
    await bench.runner.login(login());
    await bench.clock.advance(600_000);
    expect(bench.runner.state().status).toBe('connected');
  });

  it('does not count sleep', async () => {
    const bench = Bench.accepting();
    const { sessionId } = await bench.runner.login(login());
    bench.runner.poll(sessionId);
    bench.runner.suspended();
    await bench.clock.advance(3_600_000);
    bench.runner.resumed();
    expect(bench.runner.state().status).toBe('connected');
    expect(bench.gateway.session.reconnects).toBe(1);
    await bench.clock.advance(60_500);
    expect(bench.runner.state().status).toBe('expired');
  });
});

describe('commands', () => {
  it('carry the agent, and those that come before the session is open are not lost', async () => {
    const bench = new Bench({ server: PRIMARY });
    const result = bench.runner.login(login('ann', { details: { place: 'P1', devices: [] } }));
    (await bench.gateway.nextSignIn()).accept({ contactCenterId: 'cc' });
    const open = await bench.gateway.nextOpen();
    open.listener.onCommand(start('early'));
    expect(bench.commands).toEqual([]);
    open.accept();
    await result;
    const agent = { userName: 'ann', servers: { primary: PRIMARY }, place: 'P1', contactCenterId: 'cc' };
    expect(bench.commands).toEqual([{ command: start('early'), agent }]);
  });
});

describe('an outage', () => {
  it('is mended inside without anybody noticing but the views', async () => {
    const bench = Bench.accepting(both);
    await bench.runner.login(login());
    const { listener } = bench.gateway.session;
    listener.onInterrupted(rwsError('unavailable'));
    expect(bench.runner.state()).toMatchObject({ status: 'reconnecting', reason: 'fake unavailable' });
    await bench.clock.advance(4000);
    expect(bench.problems.raised.size).toBe(0);
    await bench.clock.advance(2000);
    expect(bench.problems.raised.has('rwsUnreachable')).toBe(true);
    listener.onRestored();
    expect(bench.runner.state().status).toBe('connected');
    expect(bench.problems.raised.size).toBe(0);
    await bench.clock.advance(60_000);
    expect(bench.asked()).toEqual(['ann@primary']);
  });

  it('of failoverAfterSeconds moves to the peer, and back between recordings', async () => {
    const bench = Bench.accepting(both);
    const { sessionId } = await bench.runner.login(login());
    bench.isRecording = true;
    bench.gateway.session.listener.onInterrupted(rwsError('unavailable'));
    await bench.clock.advance(29_000);
    expect(bench.asked()).toEqual(['ann@primary']);
    await bench.clock.advance(20_000);
    expect(bench.runner.state()).toMatchObject({ status: 'connected', which: 'peer', server: PEER });
    expect(bench.runner.current()?.sessionId).toBe(sessionId);
    expect(bench.log).toEqual(['opened ann@primary', 'opened ann@peer', 'released ann@primary']);

    const onPeer = bench.gateway.session;
    bench.gateway.reachable.add(PRIMARY);
    await bench.clock.advance(120_000);
    expect(bench.runner.state()).toMatchObject({ which: 'peer' });
    bench.isRecording = false;
    await bench.clock.advance(40_000);
    expect(bench.runner.state()).toMatchObject({ status: 'connected', which: 'primary' });
    expect(onPeer.isEnded).toBe(true);
    expect(bench.gateway.openSessions).toHaveLength(1);
    expect(bench.runner.current()?.sessionId).toBe(sessionId);
  });

  it('whose return fails half-way comes back on the peer', async () => {
    const bench = Bench.accepting(both);
    await bench.runner.login(login());
    bench.gateway.session.listener.onInterrupted(rwsError('unavailable'));
    await bench.clock.advance(50_000);
    bench.gateway.script = (server, step) => (server === PRIMARY && step === 'open' ? rwsError('unavailable') : undefined);
    bench.gateway.reachable.add(PRIMARY);
    await bench.clock.advance(45_000);
    expect(bench.runner.state()).toMatchObject({ status: 'connected', which: 'peer' });
    expect(bench.gateway.openSessions).toHaveLength(1);
  });

  it('that ends the session brings a new one with the kept credentials', async () => {
    const bench = Bench.accepting();
    const { sessionId } = await bench.runner.login(login());
    bench.gateway.session.listener.onEnded(rwsError('unavailable'));
    expect(bench.gateway.session.isDiscarded).toBe(true);
    await bench.clock.advance(1000);
    expect(bench.runner.state().status).toBe('connected');
    expect(bench.runner.current()?.sessionId).toBe(sessionId);
    expect(bench.gateway.openSessions).toHaveLength(1);
  });

  it('in which RWS refuses the credentials ends the agent’s session', async () => {
    const bench = Bench.accepting();
    await bench.runner.login(login());
    bench.gateway.session.listener.onEnded(rwsError('unauthenticated'));
    await settle();
    expect(bench.runner.state()).toEqual({ status: 'signedOut' });
    expect(bench.problems.raised.has('credentialsRefused')).toBe(true);
    expect(bench.store.stored).toBeUndefined();
    expect(bench.log).toEqual(['opened ann@primary', 'finish', 'released ann@primary']);
  });

  it('holds state reports back until the session is there again', async () => {
    const bench = Bench.accepting();
    await bench.runner.login(login());
    const old = bench.gateway.session;
    old.reportError = rwsError('unavailable');
    await bench.runner.report({ recordingId: 'r', state: 'Recording' }, { primary: PRIMARY });
    old.listener.onEnded(rwsError('unavailable'));
    await bench.runner.report({ recordingId: 'r', state: 'Paused' }, { primary: PRIMARY });
    await bench.clock.advance(2000);
    expect(bench.gateway.session.reports.map(({ state }) => state)).toEqual(['Recording', 'Paused']);
  });

  it('tells no other server of a recording, however late the report comes', async () => {
    const bench = Bench.accepting();
    const { sessionId } = await bench.runner.login(login());
    const own = { primary: PRIMARY };
    bench.gateway.session.isDeaf = true;
    const logout = bench.runner.logout(sessionId);
    await settle();
    await bench.runner.report({ recordingId: 'late', state: 'Uploaded' }, own);
    await settled(bench.clock, logout);
    const other = bench.runner.login(login('ann', { server: 'https://other.example' }));
    await settled(bench.clock, other);
    await bench.runner.report({ recordingId: 'later', state: 'Recorded' }, own);
    await bench.runner.report({ recordingId: 'old', state: 'Failed' }, undefined);
    await bench.runner.report({ recordingId: 'theirs', state: 'Recording' }, { primary: 'https://other.example' });
    expect(bench.gateway.session.http.server).toBe('https://other.example');
    expect(bench.gateway.session.reports.map(({ recordingId }) => recordingId)).toEqual(['theirs']);
  });

  it('on another network is looked at at once', async () => {
    const bench = Bench.accepting();
    await bench.runner.login(login());
    bench.gateway.script = () => rwsError('unavailable');
    bench.gateway.session.listener.onEnded(rwsError('unavailable'));
    await bench.clock.advance(120_000);
    bench.gateway.script = () => undefined;
    bench.runner.networkChanged();
    await settle();
    expect(bench.runner.state().status).toBe('connected');
  });
});

describe('a restart', () => {
  async function restarted(store: FakeCredentialStore): Promise<Bench> {
    await settle(); // the store is told behind the login
    const bench = new Bench();
    bench.store.stored = store.stored;
    return bench;
  }

  const kept = async (
    servers: { server?: string; peerServer?: string },
    settings: { server?: string; peer_server?: string },
    allowed: string[] = [],
  ) => {
    const before = Bench.accepting({ server: PRIMARY });
    await before.runner.login(login('ann', servers));
    await before.runner.stop();
    const after = Bench.accepting(settings, allowed);
    after.store.stored = before.store.stored;
    await after.runner.start();
    await settle();
    return after;
  };

  it.each<[string, { server?: string; peerServer?: string }, { server?: string; peer_server?: string }, string[] | undefined]>([
    ['nothing is configured any more', {}, {}, undefined],
    ['another server is configured', {}, { server: 'https://new.example' }, undefined],
    ['the one it named is not allowed any more', { server: 'https://other.example' }, { server: PRIMARY }, undefined],
    ['only its peer is still known', { peerServer: PEER }, { server: PEER }, undefined],
  ])('sends no password to a server when %s, and forgets it', async (_what, named, settings, allowed) => {
    const after = await kept(named, settings, allowed);
    expect(after.asked()).toEqual([]);
    expect(after.runner.state()).toEqual({ status: 'signedOut' });
    expect(after.store.stored).toBeUndefined();
  });

  it.each<[string, { server?: string; peer_server?: string }, string[] | undefined, string | undefined]>([
    ['with a peer that is still allowed', both, undefined, PEER],
    ['with a peer that the list allows', { server: PRIMARY }, ['peer.example'], PEER],
    ['without a peer that is not allowed any more', { server: PRIMARY }, undefined, undefined],
  ])('resumes %s', async (_what, settings, allowed, peer) => {
    const after = await kept({ peerServer: PEER }, settings, allowed);
    expect(after.runner.state().status).toBe('connected');
    after.gateway.script = () => rwsError('unavailable');
    after.gateway.session.listener.onEnded(rwsError('unavailable'));
    await after.clock.advance(120_000);
    expect(after.asked().includes('ann@peer')).toBe(peer !== undefined);
  });

  it.each([
    ['RWS is there', true],
    ['RWS is away', false],
  ])('ends the session of a desktop that had polled and does not any more, when %s', async (_what, isThere) => {
    const before = Bench.accepting();
    const { sessionId } = await before.runner.login(login());
    before.runner.poll(sessionId);
    await settle();
    const after = await restarted(before.store);
    after.gateway.script = () => (isThere ? undefined : rwsError('unavailable'));
    await after.runner.start();
    await after.clock.advance(59_000);
    expect(after.runner.state().status).toBe(isThere ? 'connected' : 'signingIn');
    await after.clock.advance(1_000);
    expect(after.runner.state()).toMatchObject({ status: 'expired', agent: { userName: 'ann' } });
    expect(after.store.stored).toBeUndefined();
    const asked = after.asked().length;
    await after.clock.advance(300_000);
    expect(after.asked()).toHaveLength(asked);
  });

  it('goes on with a desktop that polls again, and with one that never did', async () => {
    for (const polls of [true, false]) {
      const before = Bench.accepting();
      const { sessionId } = await before.runner.login(login());
      if (polls) before.runner.poll(sessionId);
      await settle();
      const after = await restarted(before.store);
      after.gateway.script = () => undefined;
      await after.runner.start();
      await settle();
      for (let minutes = 0; minutes < 5; minutes += 1) {
        await after.clock.advance(50_000);
        if (polls) after.runner.poll(after.runner.current()?.sessionId ?? '');
      }
      expect(after.runner.state().status).toBe('connected');
    }
  });

  it('resumes the session without the desktop', async () => {
    const before = Bench.accepting();
    await before.runner.login(login());
    await before.runner.stop();
    expect(before.gateway.session.isEnded).toBe(true);
    const after = await restarted(before.store);
    after.gateway.script = () => rwsError('unavailable');
    await after.runner.start();
    expect(after.runner.state()).toEqual({ status: 'signingIn', userName: 'ann' });
    expect(after.runner.current()).toBeUndefined();
    await after.clock.advance(60_000);
    expect(after.problems.raised.has('rwsUnreachable')).toBe(true);
    after.gateway.script = () => undefined;
    await after.clock.advance(31_000);
    expect(after.runner.state()).toMatchObject({ status: 'connected', server: PRIMARY, agent: { userName: 'ann' } });
    expect(after.runner.current()?.verify(login().credentials)).toBe(true);
    expect(after.problems.raised.size).toBe(0);
  });

  it('forgets credentials that are refused meanwhile', async () => {
    const before = Bench.accepting();
    await before.runner.login(login());
    const after = await restarted(before.store);
    after.gateway.script = () => rwsError('unauthenticated');
    await after.runner.start();
    await settle();
    expect(after.runner.state()).toEqual({ status: 'signedOut' });
    expect(after.store.stored).toBeUndefined();
    expect(after.problems.raised.has('credentialsRefused')).toBe(true);
  });

  it('gives way to a login', async () => {
    const before = Bench.accepting();
    await before.runner.login(login());
    const after = await restarted(before.store);
    await after.runner.start();
    const resume = await after.gateway.nextSignIn();
    const result = after.runner.login(login('bob', { server: PRIMARY }));
    const own = await after.gateway.nextSignIn();
    expect(resume.signal.aborted).toBe(true);
    own.accept();
    (await after.gateway.nextOpen()).accept();
    expect((await result).user.userName).toBe('bob');
    await settle();
    expect(after.gateway.openSessions).toHaveLength(1);
    expect(after.store.stored?.credentials.userName).toBe('bob');
  });
});

describe('without a keychain', () => {
  it('the session works, with a shown problem', async () => {
    const bench = Bench.accepting();
    bench.store.isReachable = false;
    await bench.runner.start();
    const { sessionId } = await bench.runner.login(login());
    await settle();
    expect(bench.runner.state().status).toBe('connected');
    expect(bench.problems.raised.has('keychainUnavailable')).toBe(true);
    await bench.runner.logout(sessionId);
    expect(bench.runner.state()).toEqual({ status: 'signedOut' });
    bench.store.isReachable = true;
    await bench.runner.login(login());
    await settle();
    expect(bench.problems.raised.size).toBe(0);
  });
});
