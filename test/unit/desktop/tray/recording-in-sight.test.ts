import { RecordingInSight } from '../../../../src/desktop/tray/recording-in-sight';
import type { Snapshot } from '../../../../src/shared/snapshot';
import { running, sampleSnapshot } from '../../../fixtures/snapshots';

const at = (recordingId?: string, status: 'recording' | 'paused' = 'recording'): Snapshot => {
  if (recordingId === undefined) return sampleSnapshot();
  const state = status === 'paused' ? { status, pausedSince: running.since } : { status };
  return sampleSnapshot({ recorder: { ...running, ...state, recordingId } });
};

const between = (recordingId: string): Snapshot =>
  sampleSnapshot({ recorder: { status: 'starting', recordingId, userName: running.userName, since: running.since } });

async function shownAfter(hasPlace: boolean, recordings: readonly Snapshot[]): Promise<number> {
  let shown = 0;
  const sight = new RecordingInSight({ hasTrayPlace: () => Promise.resolve(hasPlace), showWindow: () => (shown += 1) });
  for (const snapshot of recordings) {
    sight.update(snapshot);
    await Promise.resolve();
    await Promise.resolve();
  }
  return shown;
}

it.each([
  ['nothing is recorded', false, [at()], 0],
  ['the icon is shown', true, [at('a'), at(), at('b')], 0],
  ['no icon is shown: once for a recording, whatever changes of it', false, [at('a'), at('a', 'paused'), at('a')], 1],
  ['no icon is shown: again for the next recording', false, [at('a'), at(), at('b')], 2],
  ['no icon is shown: not again for its next segment', false, [at('a'), between('a'), at('a')], 1],
  ['a recording begins paused', false, [at('a', 'paused')], 1],
] as const)('%s', async (_what, hasPlace, recordings, expected) => {
  expect(await shownAfter(hasPlace, recordings)).toBe(expected);
});

it('does not open the window for a recording that has ended meanwhile', async () => {
  let answer: (is: boolean) => void = () => undefined;
  let shown = 0;
  const sight = new RecordingInSight({ hasTrayPlace: () => new Promise((resolve) => (answer = resolve)), showWindow: () => (shown += 1) });
  sight.update(at('a'));
  sight.update(at());
  answer(false);
  await Promise.resolve();
  await Promise.resolve();
  expect(shown).toBe(0);
});
