import { PRIMARY, SessionBench, login, start } from '../../support/session-bench';
import { settle } from '../../fakes/fake-clock';

describe('logout', () => {
  it('finishes, ends, forgets', async () => {
    const bench = SessionBench.accepting();
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
    const bench = SessionBench.accepting();
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
    const bench = SessionBench.accepting();
    await bench.runner.login(login());
    await bench.runner.logout('another');
    expect(bench.runner.state().status).toBe('connected');
  });
});

describe('polling', () => {
  it('expires the session a minute after the last poll, finishing, ending and forgetting', async () => {
    const bench = SessionBench.accepting();
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
    const bench = SessionBench.accepting();
    await bench.runner.login(login());
    await bench.clock.advance(600_000);
    expect(bench.runner.state().status).toBe('connected');
  });

  it('does not count sleep', async () => {
    const bench = SessionBench.accepting();
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
    const bench = new SessionBench({ server: PRIMARY });
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

describe('without a keychain', () => {
  it('the session works, with a shown problem', async () => {
    const bench = SessionBench.accepting();
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
