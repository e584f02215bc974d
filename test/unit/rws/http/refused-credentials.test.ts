import fc from 'fast-check';
import { Secret } from '../../../../src/lib/secret';
import { BasicAuthorization } from '../../../../src/rws/http/basic-authorization';
import { RefusedCredentials } from '../../../../src/rws/http/refused-credentials';
import type { Credentials } from '../../../../src/rws/ports';
import { FakeClock, settle } from '../../../fakes/fake-clock';

const MINUTE = 60_000;
const HALF_AN_HOUR = 30 * MINUTE;
const who = (userName: string, password: string): Credentials => ({ userName, password: new Secret(password) });

describe('credentials that RWS refused', () => {
  it('are the same for all who use them, and others are not touched', () => {
    const refused = new RefusedCredentials(new FakeClock());
    refused.of(who('ann', 'old')).noteRefused();
    expect(refused.of(who('Ann', 'old')).isInDoubt).toBe(true);
    for (const other of [who('ann', 'new'), who('ann', 'Old'), who('ben', 'old'), who('an', 'nold')])
      expect(refused.of(other).isInDoubt).toBe(false);
  });

  it('are refused three times in no half hour, however and by however many they are tried', async () => {
    const step = fc.record({ waitMs: fc.integer({ min: 0, max: 12 * MINUTE }), users: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const clock = new FakeClock();
        const refused = new RefusedCredentials(clock);
        const refusals: number[] = [];
        refused.of(who('ann', 'old')).noteRefused();
        refusals.push(clock.now());
        for (const { waitMs, users } of steps) {
          await clock.advance(waitMs);
          const tries = refused.of(who('ann', 'old'));
          const validate = (): Promise<void> =>
            tries.validate(async () => {
              refusals.push(clock.now());
              tries.noteRefused();
            });
          await Promise.allSettled(Array.from({ length: users }, validate));
        }
        for (const at of refusals)
          expect(refusals.filter((other) => other >= at && other - at < HALF_AN_HOUR).length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('may be tried once more after the first refusal, then when half an hour is over', async () => {
    const clock = new FakeClock();
    const tries = new RefusedCredentials(clock).of(who('ann', 'old'));
    const refuse = (): Promise<void> => tries.validate(async () => tries.noteRefused());
    tries.noteRefused();
    await refuse();
    await clock.advance(HALF_AN_HOUR - 1);
    await expect(refuse()).rejects.toMatchObject({ kind: 'unauthenticated', httpStatus: undefined });
    await clock.advance(1);
    await refuse();
    expect([tries.isInDoubt, tries.isSpent]).toEqual([true, false]);
  });

  it('are good again once RWS takes them, or a login or a person asks', async () => {
    const refused = new RefusedCredentials(new FakeClock());
    const tries = refused.of(who('ann', 'old'));
    const spend = (): void => {
      tries.noteRefused();
      tries.noteRefused();
      expect(tries.isSpent).toBe(true);
    };
    for (const cure of [() => tries.noteAccepted('utf8'), () => tries.forgive(), () => refused.forgive()]) {
      spend();
      cure();
      await expect(tries.validate(async () => 'sent')).resolves.toBe('sent');
    }
  });

  it('wait for the one that is being tried, and go when it was taken', async () => {
    const tries = new RefusedCredentials(new FakeClock()).of(who('ann', 'old'));
    tries.noteRefused();
    let answer: () => void = () => undefined;
    const first = tries.validate(async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      tries.noteAccepted('utf8');
    });
    let isSent = false;
    const second = tries.validate(async () => void (isSent = true));
    await settle();
    expect(isSent).toBe(false);
    answer();
    await Promise.all([first, second]);
    expect(isSent).toBe(true);
  });

  it('wait half an hour from then when the clock is set back', async () => {
    const clock = new FakeClock();
    const refused = new RefusedCredentials(clock);
    const tries = refused.of(who('ann', 'old'));
    tries.noteRefused();
    clock.set(clock.now() - 10 * 365 * 24 * 60 * MINUTE);
    tries.noteRefused();
    await clock.advance(HALF_AN_HOUR - 1);
    expect(tries.isSpent).toBe(true);
    await clock.advance(1);
    expect(tries.isSpent).toBe(false);
  });
});

describe('the encoding of credentials', () => {
  const zoe = who('zoë', 'pässword');
  const latin1 = `Basic ${Buffer.from('zoë:pässword', 'latin1').toString('base64')}`;

  it('is remembered, so that the next login does not cost a refusal', () => {
    const refused = new RefusedCredentials(new FakeClock());
    const first = new BasicAuthorization(zoe, refused.of(zoe));
    expect(first.refused()).toBe(true);
    first.validated();
    const second = new BasicAuthorization(zoe, refused.of(zoe));
    expect(second.header).toBe(latin1);
    expect(second.refused()).toBe(false);
  });

  it('is not tried again where that would be one refusal too many', () => {
    const refused = new RefusedCredentials(new FakeClock());
    refused.of(zoe).noteRefused();
    expect(new BasicAuthorization(zoe, refused.of(zoe)).refused()).toBe(false);
  });
});
