import { WhileRecording } from '../../../../src/desktop/tray/while-recording';
import { FakeClock } from '../../../fakes/fake-clock';
import { running, sampleSnapshot } from '../../../fixtures/snapshots';

it('redraws at each full minute of a recording, and has no timer otherwise', async () => {
  const clock = new FakeClock();
  let draws = 0;
  const elapsed = new WhileRecording(clock, () => (draws += 1));
  elapsed.update(sampleSnapshot());
  expect(clock.pendingTimers).toBe(0);

  const since = new Date(clock.now() - 50_000).toISOString();
  elapsed.update(sampleSnapshot({ recorder: { status: 'recording', ...running, since } }));
  elapsed.update(sampleSnapshot({ recorder: { status: 'recording', ...running, since, bytes: 1 } }));
  expect(clock.pendingTimers).toBe(1);
  await clock.advance(10_000);
  expect(draws).toBe(1);
  await clock.advance(120_000);
  expect(draws).toBe(3);

  elapsed.update(sampleSnapshot());
  expect(clock.pendingTimers).toBe(0);
});
