import { silentLogger } from '../../../src/lib/logger';
import { RetainedLogins } from '../../../src/service/retained-logins';
import type { RwsLogin } from '../../../src/session/ports';
import { FakeClock } from '../../fakes/fake-clock';

interface FakeLogin extends RwsLogin {
  readonly discarded: () => boolean;
}

function fakeLogin(userName: string): FakeLogin {
  let isDiscarded = false;
  return {
    user: { userName, contactCenterId: 'cc' },
    http: { userName } as RwsLogin['http'],
    openSession: () => Promise.reject(new Error('not used here')),
    discard: () => void (isDiscarded = true),
    discarded: () => isDiscarded,
  };
}

function create(options: { afterLogoutMinutes?: number; byAnyAgent?: boolean } = {}) {
  const clock = new FakeClock();
  const work = new Set<string>();
  const reported: string[] = [];
  const logins = new RetainedLogins({
    clock,
    log: silentLogger,
    afterLogoutMinutes: options.afterLogoutMinutes ?? 30,
    byAnyAgent: options.byAnyAgent ?? true,
    hasWorkFor: (userName) => work.has(userName),
    report: ({ state }) => Promise.resolve(void reported.push(state)),
  });
  return { clock, work, logins, reported };
}

describe('RetainedLogins', () => {
  it('offers the agent’s own live login', () => {
    const { logins } = create();
    logins.opened(fakeLogin('ann'));
    expect(logins.find('ann')).toMatchObject({ userName: 'ann', isOwn: true, contactCenterId: 'cc' });
  });

  it('keeps a login after logout while its agent’s recordings wait, and drops it when they are gone', () => {
    const { logins, work } = create();
    const ann = fakeLogin('ann');
    work.add('ann');
    logins.opened(ann);
    logins.released(ann);
    expect(logins.find('ann')).toMatchObject({ isOwn: true });
    work.clear();
    logins.dropIdle();
    expect(logins.find('ann')).toBeUndefined();
    expect(ann.discarded()).toBe(true);
  });

  it('drops a login at once when nothing waits for it', () => {
    const { logins } = create();
    const ann = fakeLogin('ann');
    logins.opened(ann);
    logins.released(ann);
    expect(ann.discarded()).toBe(true);
  });

  it('drops a login when its time is over, and says so to the queue', async () => {
    const { logins, work, clock } = create({ afterLogoutMinutes: 30 });
    const ann = fakeLogin('ann');
    work.add('ann');
    logins.opened(ann);
    logins.released(ann);
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
    const { logins } = create({ byAnyAgent });
    logins.opened(fakeLogin('bob'));
    expect(logins.find('ann')?.userName).toBe(expected);
    expect(logins.find('ann')?.isOwn).toBe(byAnyAgent ? false : undefined);
  });

  it('prefers the agent’s own kept login to the next agent’s', () => {
    const { logins, work } = create();
    const ann = fakeLogin('ann');
    work.add('ann');
    logins.opened(ann);
    logins.released(ann);
    logins.opened(fakeLogin('bob'));
    expect(logins.find('ann')).toMatchObject({ userName: 'ann', isOwn: true });
  });

  it('drops the kept login when the same agent signs in again', () => {
    const { logins, work } = create();
    const first = fakeLogin('ann');
    work.add('ann');
    logins.opened(first);
    logins.released(first);
    logins.opened(fakeLogin('ann'));
    expect(first.discarded()).toBe(true);
  });

  it('reports "Uploaded" on the session that carried it only, "Failed" on whichever is open', async () => {
    const { logins, work, reported } = create();
    const ann = fakeLogin('ann');
    work.add('ann');
    logins.opened(ann);
    logins.released(ann);
    const kept = logins.find('ann');
    await kept?.report({ recordingId: 'rec-1', state: 'Failed' });
    expect(reported).toEqual([]);
    logins.opened(fakeLogin('bob'));
    await kept?.report({ recordingId: 'rec-1', state: 'Uploaded' });
    await kept?.report({ recordingId: 'rec-1', state: 'Failed' });
    expect(reported).toEqual(['Failed']);
    await logins.find('bob')?.report({ recordingId: 'rec-1', state: 'Uploaded' });
    expect(reported).toEqual(['Failed', 'Uploaded']);
  });

  describe('while an upload uses it', () => {
    const inUse = () => {
      const { logins, work, clock } = create();
      const first = fakeLogin('ann');
      work.add('ann');
      logins.opened(first);
      const release = logins.find('ann')?.hold() ?? (() => undefined);
      return { logins, clock, first, release };
    };

    it('a login outlasts the session that is opened again, but not its upload', () => {
      const { logins, first, release } = inUse();
      const second = fakeLogin('ann');
      logins.opened(second);
      logins.released(first);
      expect(logins.find('ann')?.http).toBe(second.http);
      expect(first.discarded()).toBe(false);
      release();
      expect(first.discarded()).toBe(true);
      expect(second.discarded()).toBe(false);
    });

    it('a kept login outlasts the same agent’s next', () => {
      const { logins, first, release } = inUse();
      logins.released(first);
      logins.opened(fakeLogin('ann'));
      expect(first.discarded()).toBe(false);
      release();
      expect(first.discarded()).toBe(true);
    });

    it('no login outlasts the time after the logout, or the service', async () => {
      for (const end of ['expiry', 'shutdown']) {
        const { logins, clock, first } = inUse();
        const second = fakeLogin('ann');
        logins.opened(second);
        logins.released(first);
        logins.released(second);
        if (end === 'expiry') await clock.advance(30 * 60_000);
        else logins.clear();
        expect([first.discarded(), second.discarded()]).toEqual([true, true]);
      }
    });
  });
});
