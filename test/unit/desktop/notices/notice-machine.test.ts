import { nextNotices, NO_NOTICES, type NoticeState } from '../../../../src/desktop/notices/notice-machine';
import type { Snapshot } from '../../../../src/shared/snapshot';
import { running, sampleProblem, sampleSnapshot, SAMPLE_TIME } from '../../../fixtures/snapshots';

const MINUTE = 60_000;
const recording = { recorder: { status: 'recording', ...running } } as const;
const starting = { recorder: { status: 'starting', recordingId: 'rec-1', userName: 'agent1', since: SAMPLE_TIME } } as const;

/** Titles of the notices that each snapshot in turn asks for; a number lets minutes pass. */
function titles(isRecordingTold: boolean, steps: readonly (Partial<Snapshot> | number)[]): readonly (readonly string[])[] {
  let state: NoticeState = NO_NOTICES;
  let now = 0;
  return steps.flatMap((step) => {
    if (typeof step === 'number') {
      now += step * MINUTE;
      return [];
    }
    const next = nextNotices(state, sampleSnapshot(step), { isRecordingTold }, now);
    state = next.state;
    return [next.notices.map(({ title }) => title)];
  });
}

describe('notices', () => {
  it('tell when a recording starts and stops, if that is wanted', () => {
    expect(titles(true, [{}, recording, recording, {}])).toEqual([[], ['notice.recordingStarted'], [], ['notice.recordingStopped']]);
    expect(titles(false, [{}, recording, {}])).toEqual([[], [], []]);
  });

  it('tell nothing of a new segment or a pause', () => {
    const paused = { recorder: { status: 'paused', pausedSince: SAMPLE_TIME, ...running } } as const;
    expect(titles(true, [recording, starting, recording, paused, recording])).toEqual([['notice.recordingStarted'], [], [], [], []]);
  });

  it('tell of a problem that needs the agent, and of no other', () => {
    expect(titles(false, [{ problems: [sampleProblem('diskFloor'), sampleProblem('rwsUnreachable')] }])).toEqual([
      ['problem.diskFloor.text'],
    ]);
  });

  it('do not tell one thing twice: not while it lasts, nor when it flickers', () => {
    const broken = { problems: [sampleProblem('capturePermission')] };
    expect(titles(false, [broken, broken, 20, broken, {}, broken])).toEqual([
      ['problem.capturePermission.text'],
      [],
      [],
      [],
      ['problem.capturePermission.text'],
    ]);
    expect(titles(false, [broken, {}, 5, broken])).toEqual([['problem.capturePermission.text'], [], []]);
  });
});
