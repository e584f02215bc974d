import { FakeCredentialStore } from '../../fakes/fake-credential-store';
import { PRIMARY, PEER, SessionBench, login, both, settled } from '../../support/session-bench';
import { settle } from '../../fakes/fake-clock';
import { rwsError } from '../../fakes/fake-rws-gateway';

describe('an outage', () => {
  it('is restored inside without anybody noticing but the views', async () => {
    const bench = SessionBench.accepting(both);
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
    const bench = SessionBench.accepting(both);
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
    const bench = SessionBench.accepting(both);
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
    const bench = SessionBench.accepting();
    const { sessionId } = await bench.runner.login(login());
    bench.gateway.session.listener.onEnded(rwsError('unavailable'));
    expect(bench.gateway.session.isDiscarded).toBe(true);
    await bench.clock.advance(1000);
    expect(bench.runner.state().status).toBe('connected');
    expect(bench.runner.current()?.sessionId).toBe(sessionId);
    expect(bench.gateway.openSessions).toHaveLength(1);
  });

  it('in which RWS refuses the credentials ends the agent’s session', async () => {
    const bench = SessionBench.accepting();
    await bench.runner.login(login());
    bench.gateway.session.listener.onEnded(rwsError('unauthenticated'));
    await settle();
    expect(bench.runner.state()).toEqual({ status: 'signedOut' });
    expect(bench.problems.raised.has('credentialsRefused')).toBe(true);
    expect(bench.store.stored).toBeUndefined();
    expect(bench.log).toEqual(['opened ann@primary', 'finish', 'released ann@primary']);
  });

  it('holds state reports back until the session is there again', async () => {
    const bench = SessionBench.accepting();
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
    const bench = SessionBench.accepting();
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
    const bench = SessionBench.accepting();
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
  async function restarted(store: FakeCredentialStore): Promise<SessionBench> {
    await settle(); // the store is told behind the login
    const bench = new SessionBench();
    bench.store.stored = store.stored;
    return bench;
  }

  const kept = async (
    servers: { server?: string; peerServer?: string },
    settings: { server?: string; peer_server?: string },
    allowed: string[] = [],
  ) => {
    const before = SessionBench.accepting({ server: PRIMARY });
    await before.runner.login(login('ann', servers));
    await before.runner.stop();
    const after = SessionBench.accepting(settings, allowed);
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
    const before = SessionBench.accepting();
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
      const before = SessionBench.accepting();
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
    const before = SessionBench.accepting();
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
    const before = SessionBench.accepting();
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
    const before = SessionBench.accepting();
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
