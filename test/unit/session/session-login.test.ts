import { PRIMARY, PEER, SessionBench, login, both, start, settled } from '../../support/session-bench';
import { settle } from '../../fakes/fake-clock';
import { rwsError } from '../../fakes/fake-rws-gateway';
import { AppError } from '../../../src/shared/errors';
import { Secret } from '../../../src/lib/secret';

describe('login', () => {
  it('opens a session on the primary, keeps the credentials, names the agent', async () => {
    const bench = new SessionBench(both);
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
    await expect(new SessionBench().runner.login(login())).rejects.toMatchObject({
      code: 'invalidRequest',
      message: expect.stringContaining('server') as string,
    });
  });

  it('lets the login’s own servers override the configured ones, without a peer that is no peer of theirs', async () => {
    const bench = SessionBench.accepting(both);
    await bench.runner.login(login('ann', { server: 'https://other.example' }));
    expect(bench.asked()).toEqual(['ann@other']);
    await settle();
    expect(bench.store.stored?.servers).toEqual({ primary: 'https://other.example' });
  });

  it('refuses a server that is not allowed before anything is sent, and leaves the session alone', async () => {
    const bench = SessionBench.accepting(both);
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
    const bench = SessionBench.accepting({}, []);
    for (const named of [{}, { server: 'https://other.example' }, { server: 'http://127.0.0.1:9000' }]) {
      bench.problems.raised.clear();
      await expect(bench.runner.login(login('ann', named))).rejects.toMatchObject({ isExpected: true });
      expect(bench.problems.raised.has('noConfiguration')).toBe(true);
    }
    expect(bench.asked()).toEqual([]);
  });

  it('tries up to three times on each server, within 20 s, then asks to come again', async () => {
    const bench = new SessionBench(both);
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

  describe('at several pairs of servers', () => {
    const pairs = {
      server: 'https://one.example',
      peerServer: 'https://two.example',
      otherPairs: [{ primary: 'https://three.example', peer: 'https://four.example' }],
    };

    it('tries pair by pair, in the time of one login', async () => {
      const bench = new SessionBench();
      bench.gateway.script = () => rwsError('unavailable', { retryAfterMs: 60_000 });
      const begin = bench.clock.now();
      await expect(settled(bench.clock, bench.runner.login(login('ann', pairs)))).rejects.toMatchObject({ kind: 'unavailable' });
      expect(bench.asked()).toEqual(['ann@one', 'ann@two', 'ann@three', 'ann@four']);
      expect(bench.clock.now() - begin).toBeLessThanOrEqual(20_500);
    });

    it('keeps to the pair that took the login, and knows the same login by it', async () => {
      const bench = new SessionBench();
      const isAway = (server: string): boolean => server.includes('one') || server.includes('two');
      bench.gateway.script = (server) => (isAway(server) ? rwsError('unavailable', { retryAfterMs: 60_000 }) : undefined);
      const first = await settled(bench.clock, bench.runner.login(login('ann', pairs)));
      await settle();
      expect(bench.store.stored?.servers).toEqual(pairs.otherPairs[0]);
      const asked = bench.asked().length;
      expect((await bench.runner.login(login('ann', pairs))).sessionId).toBe(first.sessionId);
      expect(bench.asked()).toHaveLength(asked);
    });

    it('carries a password that was refused to no other pair', async () => {
      const bench = new SessionBench();
      bench.gateway.script = () => rwsError('unauthenticated');
      await expect(bench.runner.login(login('ann', pairs))).rejects.toMatchObject({ kind: 'unauthenticated' });
      expect(bench.asked()).toEqual(['ann@one']);
    });
  });

  it('gives a server that hangs 10 s, then the peer', async () => {
    const bench = new SessionBench(both);
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
    const bench = new SessionBench(both);
    bench.gateway.script = (server) => (server === PRIMARY ? rwsError('unavailable', { retryAfterMs: 60_000 }) : undefined);
    await settled(bench.clock, bench.runner.login(login()));
    expect(bench.asked()).toEqual(['ann@primary', 'ann@peer']);
  });

  it.each(['unauthenticated', 'refused'] as const)('takes %s for an answer', async (kind) => {
    const bench = new SessionBench(both);
    bench.gateway.script = () => rwsError(kind, { statusCode: 3 });
    await expect(bench.runner.login(login())).rejects.toMatchObject({ kind, statusCode: 3 });
    expect(bench.asked()).toEqual(['ann@primary']);
    expect(bench.store.stored).toBeUndefined();
    expect(bench.problems.raised.size).toBe(0);
  });

  it('does not repeat what a certificate made fail', async () => {
    const bench = new SessionBench(both);
    bench.gateway.script = (server) => (server === PRIMARY ? rwsError('tls') : undefined);
    await settled(bench.clock, bench.runner.login(login()));
    expect(bench.asked()).toEqual(['ann@primary', 'ann@peer']);
  });

  it.each([
    ['a file of rws.ca that is no good', new AppError('configuration', 'The CA file named in rws.ca cannot be read.')],
    ['a mistake of this program', new TypeError('x is not a function')],
  ])('hands on %s at once, in its own words', async (_what, fault) => {
    const bench = SessionBench.accepting({ server: PRIMARY, peer_server: PEER });
    bench.gateway.script = () => fault;
    await expect(bench.runner.login(login())).rejects.toBe(fault);
    expect(bench.asked()).toEqual(['ann@primary']);
    expect(bench.problems.raised.get('rwsUnreachable')?.text).toContain(fault.message);
  });

  it('keeps the session of the same agent who logs in again', async () => {
    const bench = SessionBench.accepting();
    const first = await bench.runner.login(login());
    expect(await bench.runner.login(login())).toBe(first);
    expect(bench.asked()).toEqual(['ann@primary']);
  });

  it.each([
    ['another place', { details: { place: 'P2', devices: [] } }],
    ['another server', { server: 'https://third.example' }],
    ['another password', { credentials: { userName: 'ann', password: new Secret('new') } }],
  ])('opens a new session for the same agent with %s', async (_what, extra) => {
    const bench = SessionBench.accepting();
    const first = await bench.runner.login(login());
    const second = await bench.runner.login(login('ann', extra));
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(bench.gateway.openSessions).toHaveLength(1);
  });

  it('keeps the session of the same agent whose name comes in other case', async () => {
    const bench = SessionBench.accepting();
    const first = await bench.runner.login(login('Ann'));
    expect(await bench.runner.login(login('ANN'))).toBe(first);
    expect(first.verify(login('ann').credentials)).toBe(true);
    expect(first.verify({ userName: 'Ann', password: new Secret('SECRET') })).toBe(false);
    expect(bench.asked()).toEqual(['Ann@primary']);
  });

  it('runs two logins at once one after the other', async () => {
    const bench = new SessionBench({ server: PRIMARY });
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
    const bench = SessionBench.accepting();
    const signedIn = await bench.runner.login(login());
    expect(signedIn.verify({ userName: 'ann', password: new Secret('secret') })).toBe(true);
    expect(signedIn.verify({ userName: 'ann', password: new Secret('other') })).toBe(false);
    expect(signedIn.verify({ userName: 'bob', password: new Secret('secret') })).toBe(false);
  });
});

describe('hot seat', () => {
  it('leaves the running session untouched when the new credentials are refused', async () => {
    const bench = SessionBench.accepting();
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
    const bench = SessionBench.accepting();
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
    const bench = SessionBench.accepting();
    await bench.runner.login(login());
    const old = bench.gateway.session;
    await bench.runner.login(login('bob'));
    old.listener.onCommand(start('late'));
    old.listener.onEnded(rwsError('unavailable'));
    expect(bench.commands).toEqual([]);
    expect(bench.runner.state()).toMatchObject({ status: 'connected', agent: { userName: 'bob' } });
  });
});
