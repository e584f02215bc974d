import { silentLogger } from '../../../src/lib/logger';
import { RetainedLogins, type AgentLogin } from '../../../src/service/retained-logins';
import type { RwsLogin } from '../../../src/rws/ports';
import { createServerGate } from '../../../src/session/server-gate';
import { canonicalPair, type ServerPair } from '../../../src/shared/server-pair';
import type { JobOwner, UploadLogin } from '../../../src/upload/ports';
import { FakeClock } from '../../fakes/fake-clock';

const A = 'https://a.example';
const A2 = 'https://a2.example';
const B = 'https://b.example';

interface FakeLogin extends AgentLogin {
  readonly discarded: () => boolean;
}

/** @param at the servers of its pair, where it signed in first */
function fakeLogin(userName: string, at: readonly string[] = [A, A2], servers: ServerPair = pair(...at)): FakeLogin {
  let isDiscarded = false;
  const http = { userName, server: at[0] } as RwsLogin['http'];
  return {
    login: {
      user: { userName, contactCenterId: 'cc' },
      http,
      openSession: () => Promise.reject(new Error('not used here')),
      discard: () => void (isDiscarded = true),
    },
    servers,
    discarded: () => isDiscarded,
  };
}

const pair = (primary = A, peer?: string): ServerPair => canonicalPair({ primary, peer });
const recorded = (userName: string, servers: ServerPair | undefined = pair(A, A2)): JobOwner => ({
  userName,
  ...(servers === undefined ? {} : { servers }),
});

function create(options: { afterLogoutMinutes?: number; byAnyAgent?: boolean } = {}) {
  const clock = new FakeClock();
  const work: JobOwner[] = [];
  const reported: string[] = [];
  const logins = new RetainedLogins({
    clock,
    log: silentLogger,
    gate: createServerGate({ server: A, peer_server: A2, allowedServers: ['b.example'] }),
    config: { afterLogoutMinutes: options.afterLogoutMinutes ?? 30, byAnyAgent: options.byAnyAgent ?? true },
  });
  logins.onReport(({ state }) => reported.push(state));
  const released = (over: AgentLogin): void => logins.released(over, { hasWorkFor: (isTheirs) => work.some(isTheirs) });
  const dropIdle = (): void => logins.dropIdle({ hasWorkFor: (isTheirs) => work.some(isTheirs) });
  const find = (userName: string): UploadLogin | undefined => logins.find(recorded(userName));
  return { clock, work, logins, reported, find, released, dropIdle };
}

describe('RetainedLogins', () => {
  it('offers the agent’s own live login', () => {
    const { logins, find } = create();
    logins.opened(fakeLogin('ann'));
    expect(find('ann')).toMatchObject({ userName: 'ann', isOwn: true, contactCenterId: 'cc' });
  });

  it('takes a name in other case for the same agent, and the same spelling first', () => {
    const { logins, work, find, released } = create({ byAnyAgent: false });
    const [big, small] = [fakeLogin('Zoë'), fakeLogin('ZOË')];
    work.push(recorded('Zoë'));
    logins.opened(big);
    expect(find('zoë')).toMatchObject({ userName: 'Zoë', isOwn: true });
    expect(find('zoe')).toBeUndefined();
    released(big);
    expect(find('Zoe\u0308')).toMatchObject({ userName: 'Zoë', isOwn: true });
    logins.opened(small);
    expect(big.discarded()).toBe(true);
    expect(find('Zoë')).toMatchObject({ userName: 'ZOË', isOwn: true });
  });

  it('keeps a login after logout while its agent’s recordings wait, and drops it when they are gone', () => {
    const { logins, work, find, released, dropIdle } = create();
    const ann = fakeLogin('ann');
    work.push(recorded('ann'));
    logins.opened(ann);
    released(ann);
    expect(find('ann')).toMatchObject({ isOwn: true });
    work.splice(0);
    dropIdle();
    expect(find('ann')).toBeUndefined();
    expect(ann.discarded()).toBe(true);
  });

  it('drops a login at once when nothing waits for it', () => {
    const { logins, released } = create();
    const ann = fakeLogin('ann');
    logins.opened(ann);
    released(ann);
    expect(ann.discarded()).toBe(true);
  });

  it('drops a login when its time is over, and says so to the queue', async () => {
    const { logins, work, clock, released } = create({ afterLogoutMinutes: 30 });
    const ann = fakeLogin('ann');
    work.push(recorded('ann'));
    logins.opened(ann);
    released(ann);
    let changes = 0;
    logins.onChange(() => (changes += 1));
    await clock.advance(30 * 60_000 - 1);
    expect(ann.discarded()).toBe(false);
    await clock.advance(1);
    expect(ann.discarded()).toBe(true);
    expect(changes).toBe(1);
  });

  it.each([
    [true, 'bob'],
    [false, undefined],
  ])('with byAnyAgent %s a recording of an agent who is gone goes with %s', (byAnyAgent, expected) => {
    const { logins, find } = create({ byAnyAgent });
    logins.opened(fakeLogin('bob'));
    expect(find('ann')?.userName).toBe(expected);
    expect(find('ann')?.isOwn).toBe(byAnyAgent ? false : undefined);
  });

  it('prefers the agent’s own kept login to the next agent’s', () => {
    const { logins, work, find, released } = create();
    const ann = fakeLogin('ann');
    work.push(recorded('ann'));
    logins.opened(ann);
    released(ann);
    logins.opened(fakeLogin('bob'));
    expect(find('ann')).toMatchObject({ userName: 'ann', isOwn: true });
  });

  it('drops the kept login when the same agent signs in again', () => {
    const { logins, work, released } = create();
    const first = fakeLogin('ann');
    work.push(recorded('ann'));
    logins.opened(first);
    released(first);
    logins.opened(fakeLogin('ann'));
    expect(first.discarded()).toBe(true);
  });

  it('reports "Uploaded" on the session that carried it only, "Failed" on whichever is open', async () => {
    const { logins, work, reported, find, released } = create();
    const ann = fakeLogin('ann');
    work.push(recorded('ann'));
    logins.opened(ann);
    released(ann);
    const kept = find('ann');
    kept?.report({ recordingId: 'rec-1', state: 'Failed' });
    expect(reported).toEqual([]);
    logins.opened(fakeLogin('bob'));
    kept?.report({ recordingId: 'rec-1', state: 'Uploaded' });
    kept?.report({ recordingId: 'rec-1', state: 'Failed' });
    expect(reported).toEqual(['Failed']);
    find('bob')?.report({ recordingId: 'rec-1', state: 'Uploaded' });
    expect(reported).toEqual(['Failed', 'Uploaded']);
  });

  describe('with several servers', () => {
    const others = (): FakeLogin => fakeLogin('ann', [B]);

    it('lets no login of another pair carry a recording: not a live one, a kept one or anybody’s', () => {
      const { logins, work, released } = create();
      work.push(recorded('ann'), recorded('ann', pair(B)));
      const kept = others();
      logins.opened(kept);
      released(kept);
      expect(logins.find(recorded('ann'))).toBeUndefined();
      for (const live of [others(), fakeLogin('bob', [B])]) {
        logins.opened(live);
        expect(logins.find(recorded('ann'))).toBeUndefined();
        expect(logins.find(recorded('ann', pair(B)))).toBeDefined();
      }
    });

    it('keeps the login of an agent when one of the same name signs in elsewhere', () => {
      const { logins, work, released } = create();
      const own = fakeLogin('ann');
      work.push(recorded('ann'));
      logins.opened(own);
      released(own);
      logins.opened(others());
      expect(own.discarded()).toBe(false);
      expect(logins.find(recorded('ann'))?.http).toBe(own.login.http);
      expect(logins.find(recorded('ann'))?.isOwn).toBe(true);
    });

    it('keeps no login for what waits for a namesake elsewhere', () => {
      const { logins, work, released } = create();
      work.push(recorded('ann'));
      const theirs = others();
      logins.opened(theirs);
      released(theirs);
      expect(theirs.discarded()).toBe(true);
    });

    it('takes a pair in the other order for the same', () => {
      const { logins, work, released } = create();
      const before = fakeLogin('ann');
      work.push(recorded('ann'));
      logins.opened(before);
      released(before);
      const after = fakeLogin('ann', [A2, A]);
      logins.opened(after);
      expect(before.discarded()).toBe(true);
      expect(logins.find(recorded('ann'))?.http).toBe(after.login.http);
    });

    it('carries what an older version left to a configured server only', () => {
      const { logins } = create();
      logins.opened(others());
      expect(logins.find({ userName: 'ann' })).toBeUndefined();
      logins.opened(fakeLogin('ann', [A2], pair(A, A2)));
      expect(logins.find({ userName: 'ann' })).toMatchObject({ isOwn: true });
    });
  });

  describe('while an upload uses it', () => {
    const inUse = () => {
      const { logins, work, clock, find, released } = create();
      const first = fakeLogin('ann');
      work.push(recorded('ann'));
      logins.opened(first);
      const release = find('ann')?.hold() ?? (() => undefined);
      return { logins, clock, first, release, find, released };
    };

    it('a login outlasts the session that is opened again, but not its upload', () => {
      const { logins, first, release, find, released } = inUse();
      const second = fakeLogin('ann');
      logins.opened(second);
      released(first);
      expect(find('ann')?.http).toBe(second.login.http);
      expect(first.discarded()).toBe(false);
      release();
      expect(first.discarded()).toBe(true);
      expect(second.discarded()).toBe(false);
    });

    it('a kept login outlasts the same agent’s next', () => {
      const { logins, first, release, released } = inUse();
      released(first);
      logins.opened(fakeLogin('ann'));
      expect(first.discarded()).toBe(false);
      release();
      expect(first.discarded()).toBe(true);
    });

    it('no login outlasts the time after the logout, or the service', async () => {
      for (const end of ['expiry', 'shutdown']) {
        const { logins, clock, first, released } = inUse();
        const second = fakeLogin('ann');
        logins.opened(second);
        released(first);
        released(second);
        if (end === 'expiry') await clock.advance(30 * 60_000);
        else logins.clear();
        expect([first.discarded(), second.discarded()]).toEqual([true, true]);
      }
    });
  });
});
