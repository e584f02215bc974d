import { RefusedCredentials } from '../../../../src/api/login/refused-credentials';
import { Secret } from '../../../../src/lib/secret';
import type { Credentials } from '../../../../src/rws/ports';
import { FakeClock } from '../../../fakes/fake-clock';

const times = (count: number, task: (index: number) => void): void => Array.from({ length: count }).forEach((_, index) => task(index));
const given = (userName: string, password = 'guess'): Credentials => ({ userName, password: new Secret(password) });

describe('RefusedCredentials', () => {
  it('stops a user name once five were refused in a minute, until a minute after the first of them', async () => {
    const clock = new FakeClock();
    const refused = new RefusedCredentials(clock);
    refused.noteRefused(given('agent'));
    await clock.advance(10_000);
    times(3, () => refused.noteRefused(given('agent')));
    expect(refused.waitMs('agent')).toBe(0);
    refused.noteRefused(given('agent'));
    expect(refused.waitMs('agent')).toBe(50_000);
    await clock.advance(49_999);
    expect(refused.waitMs('agent')).toBe(1);
    await clock.advance(1);
    expect(refused.waitMs('agent')).toBe(0);
  });

  it('counts a user name whatever its spelling, and other users apart', () => {
    const refused = new RefusedCredentials(new FakeClock());
    for (const name of ['Agent', 'aGENT', ' agent ', 'ａgent', 'agent']) refused.noteRefused(given(name));
    expect(refused.waitMs('agent')).toBe(60_000);
    expect(refused.waitMs('other')).toBe(0);
  });

  it('delays other names by 3 s each after twenty, and stops none of them', async () => {
    const clock = new FakeClock();
    const refused = new RefusedCredentials(clock);
    times(19, (index) => refused.noteRefused(given(`user-${index}`)));
    expect(refused.paceMs('agent')).toBe(0);
    times(300, (index) => refused.noteRefused(given(`other-${index}`)));
    expect([refused.paceMs('agent'), refused.waitMs('agent')]).toEqual([3_000, 0]);
    await clock.advance(3_000);
    expect(refused.paceMs('agent')).toBe(0);
    refused.noteRefused(given('user-20'));
    expect(refused.paceMs('agent')).toBe(3_000);
    await clock.advance(60_000);
    times(19, (index) => refused.noteRefused(given(`user-${index}`)));
    expect(refused.paceMs('agent')).toBe(0);
  });

  it('delays no agent who has signed in here before', () => {
    const refused = new RefusedCredentials(new FakeClock());
    refused.noteAccepted('Agent');
    times(40, (index) => refused.noteRefused(given(`user-${index}`)));
    expect([refused.paceMs('agent'), refused.paceMs('other')]).toEqual([0, 3_000]);
  });

  it('knows the same wrong credentials again, for that session only', () => {
    const refused = new RefusedCredentials(new FakeClock());
    refused.noteWrong('session-1', given('agent', 'old'));
    expect(refused.isKnownWrong('session-1', given('agent', 'old'))).toBe(true);
    expect(refused.isKnownWrong('session-1', given('agent', 'older'))).toBe(false);
    expect(refused.isKnownWrong('session-1', given('other', 'old'))).toBe(false);
    expect(refused.isKnownWrong('session-2', given('agent', 'old'))).toBe(false);
  });

  it('keeps no more than it needs, whatever is tried', () => {
    const refused = new RefusedCredentials(new FakeClock());
    times(5_000, (index) => refused.noteWrong('session-1', given(`user-${index}`, String(index))));
    expect(refused.isKnownWrong('session-1', given('user-0', '0'))).toBe(false);
    expect(refused.isKnownWrong('session-1', given('user-4999', '4999'))).toBe(true);
  });

  it.each([-3_600_000, 3_600_000])('lasts as long, and no longer, when the clock is set by %d ms', async (ms) => {
    const clock = new FakeClock();
    const refused = new RefusedCredentials(clock);
    times(50, () => refused.noteRefused(given('agent')));
    const waitMs = refused.waitMs('agent');
    clock.set(clock.now() + ms);
    expect(refused.waitMs('agent')).toBe(waitMs);
    expect(refused.paceMs('agent')).toBeLessThanOrEqual(3_000);
    await clock.advance(waitMs);
    expect(refused.waitMs('agent')).toBe(0);
  });
});
