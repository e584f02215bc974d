import type { Snapshot } from '../../shared/snapshot';
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from '../../shared/problem-catalogue';
import type { MessageKey } from '../../shared/translate';
import { omitUndefined } from '../../shared/omit-undefined';

/** What the agent is told by a notice of the system. */
export interface Notice {
  readonly title: MessageKey;
  readonly body?: MessageKey;
}

export interface NoticeState {
  /** The recording the agent was told of, or would have been. */
  readonly recordingId?: string;
  /** When each problem was told last, epoch milliseconds. */
  readonly told: Readonly<Partial<Record<ProblemCode, number>>>;
  readonly shown: readonly ProblemCode[];
}

export interface NoticeSettings {
  /** `notifyRecording` */
  readonly isRecordingTold: boolean;
}

export const NO_NOTICES: NoticeState = { told: {}, shown: [] };

/** Problems that only the person at the desk can end. The rest is the administrator's, and in the tray. */
const FOR_THE_AGENT = PROBLEM_CODES.filter((code) => PROBLEMS[code].actor === 'agent');

/** A problem that comes and goes is one thing. */
const QUIET_MS = 10 * 60_000;

/** Which notices a snapshot asks for. @param now epoch milliseconds */
export function nextNotices(
  state: NoticeState,
  snapshot: Snapshot,
  settings: NoticeSettings,
  now: number,
): { readonly state: NoticeState; readonly notices: readonly Notice[] } {
  const recordingId = runningRecording(snapshot);
  const hasStarted = recordingId !== undefined && recordingId !== state.recordingId;
  const hasStopped = recordingId === undefined && state.recordingId !== undefined && isOver(snapshot);
  const codes = snapshot.problems.map(({ code }) => code);
  const fresh = FOR_THE_AGENT.filter(
    (code) => codes.includes(code) && !state.shown.includes(code) && now - (state.told[code] ?? -Infinity) >= QUIET_MS,
  );
  const current = hasStopped ? undefined : (recordingId ?? state.recordingId);
  return {
    state: {
      ...omitUndefined({ recordingId: current }),
      told: { ...state.told, ...Object.fromEntries(fresh.map((code) => [code, now])) },
      shown: codes,
    },
    notices: [
      ...(settings.isRecordingTold && hasStarted ? [{ title: 'notice.recordingStarted' } as const] : []),
      ...(settings.isRecordingTold && hasStopped ? [{ title: 'notice.recordingStopped' } as const] : []),
      ...fresh.map((code): Notice => ({ title: `problem.${code}.text`, body: `problem.${code}.remedy` })),
    ],
  };
}

function runningRecording({ recorder }: Snapshot): string | undefined {
  return recorder.status === 'recording' || recorder.status === 'paused' ? recorder.recordingId : undefined;
}

/** A new segment of the same recording passes through `starting`: no reason to say it ended. */
function isOver({ recorder }: Snapshot): boolean {
  return recorder.status !== 'starting';
}
