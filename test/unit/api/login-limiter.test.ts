import { LoginLimiter } from '../../../src/api/login-limiter';
import { FakeClock } from '../../fakes/fake-clock';

const times = (count: number, task: (index: number) => void): void => Array.from({ length: count }).forEach((_, index) => task(index));

describe('LoginLimiter', () => {
  it('lets a user in until five logins were refused in a minute, and again a minute after the first of them', async () => {
    const clock = new FakeClock();
    const limiter = new LoginLimiter(clock);
    limiter.noteRefused('agent');
    await clock.advance(10_000);
    times(3, () => limiter.noteRefused('agent'));
    expect(limiter.waitMs('agent')).toBe(0);
    limiter.noteRefused('agent');
    expect(limiter.waitMs('agent')).toBe(50_000);
    await clock.advance(49_999);
    expect(limiter.waitMs('agent')).toBe(1);
    await clock.advance(1);
    expect(limiter.waitMs('agent')).toBe(0);
  });

  it('counts a user name whatever its case, and other users apart', () => {
    const limiter = new LoginLimiter(new FakeClock());
    times(5, (index) => limiter.noteRefused(index % 2 === 0 ? 'Agent' : 'aGENT'));
    expect(limiter.waitMs('agent')).toBe(60_000);
    expect(limiter.waitMs('other')).toBe(0);
  });

  it('lets nobody in after twenty refused logins in all', async () => {
    const clock = new FakeClock();
    const limiter = new LoginLimiter(clock);
    times(20, (index) => limiter.noteRefused(`user-${index}`));
    expect(limiter.waitMs('agent')).toBe(60_000);
    await clock.advance(60_000);
    expect(limiter.waitMs('agent')).toBe(0);
  });

  it('does not lock anybody out when the clock is set back', async () => {
    const clock = { time: 1_000_000, now: () => clock.time };
    const limiter = new LoginLimiter(clock);
    times(5, () => limiter.noteRefused('agent'));
    clock.time = 0;
    expect(limiter.waitMs('agent')).toBe(0);
  });
});
