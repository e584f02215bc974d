import { omitUndefined } from '../shared/omit-undefined';
import { toRwsTime } from '../shared/rws-time';
import { CaptureError } from '../screen/errors';
import { toFailure } from './failure';
import { clearTimers, raise, stay, then, type Active } from './recorder-effects';
import { hasGap, unnotedGap } from './recorder-gap';
import type {
  ActiveRecording,
  Failure,
  RecorderMachineState,
  Outcome,
  RecorderEffect,
  RecorderEvent,
  TimerName,
  RecorderStep,
} from './recorder-state';

type Closed = Extract<RecorderEvent, { readonly type: 'closed' }>;

const ALL_TIMERS: readonly TimerName[] = ['watchdog', 'segment', 'maximum', 'retry', 'displays'];

export function finish(state: Active, at: number, reason?: string): RecorderStep {
  const hasPicture = state.recording.segment > 0;
  if (!hasPicture) return end(state, at, { state: 'Failed', reason: reason ?? 'It was stopped before the first picture' });
  const reasons = [reason, missingEnd(state.recording, at)].filter((text) => text !== undefined);
  const next = end(state, at, { state: 'Recorded', ...(reasons.length === 0 ? {} : { reason: reasons.join('. ') }) });
  const { trouble } = state.recording;
  return trouble === undefined ? next : then(next, [raise(trouble)]); // Nobody tries again now.
}

/** The last segment may be an upload job already: only the report can still say that the end is missing. */
function missingEnd(recording: ActiveRecording, at: number): string | undefined {
  const { missing } = recording;
  if (missing === undefined || !hasGap(recording, at)) return undefined;
  return `There is no video from ${toRwsTime(missing.since)} on: ${missing.reason}`;
}

function end(state: Active, at: number, how: Pick<Outcome, 'state' | 'reason'>): RecorderStep {
  const { recording, run } = state;
  const { agent, startTime } = recording.start;
  const outcome: Outcome = { recordingId: recording.id, agent, startTime, stopTime: toRwsTime(at), ...how };
  const effects: RecorderEffect[] = [
    clearTimers(...ALL_TIMERS),
    ...unnotedGap(recording, at),
    { type: 'endRun', run },
    { type: 'close', outcome },
  ];
  return {
    state: { status: 'finishing', recordingId: recording.id, userName: recording.userName, since: at, run: run + 1 },
    effects,
  };
}

/** Ends the recording for a fault. What is on disk is kept and uploaded. */
export function fail(state: Active, failure: Failure, at: number): RecorderStep {
  return then(end(state, at, { state: 'Failed', reason: failure.reason }), [raise(failure)]);
}

/** The store would not begin: there is nothing to close. */
export function refuse({ recording, run }: Active, failure: Failure, at: number): RecorderStep {
  const { reason } = failure;
  const { id: recordingId, start } = recording;
  return {
    state: { status: 'failed', recordingId, since: at, reason, run },
    effects: [raise(failure), { type: 'report', report: { recordingId, state: 'Failed', reason }, agent: start.agent }],
  };
}

const NO_VIDEO = toFailure(new CaptureError('encoder', 'Nothing was recorded: the encoder gave no video'));

export function onClosed(state: RecorderMachineState, { outcome, hasMedia, failure: met }: Closed, at: number): RecorderStep {
  const { recordingId, agent, startTime, stopTime } = outcome;
  // A frame that went to the encoder is no video yet.
  const isEmpty = met === undefined && outcome.state === 'Recorded' && !hasMedia;
  const failure = isEmpty ? NO_VIDEO : met;
  const reason = isEmpty ? [NO_VIDEO.reason, outcome.reason].filter(Boolean).join('. ') : (outcome.reason ?? met?.reason);
  const isFailed = outcome.state === 'Failed' || failure !== undefined;
  const effects: RecorderEffect[] = failure === undefined ? [] : [raise(failure)];
  const how = { state: isFailed ? 'Failed' : 'Recorded', ...omitUndefined({ reason }) } as const;
  effects.push({ type: 'report', report: { recordingId, startTime, stopTime, ...how }, agent });
  if (state.status !== 'finishing' || state.recordingId !== recordingId) return stay(state, ...effects); // the next one is running
  if (!isFailed) return { state: { status: 'idle', run: state.run }, effects };
  return { state: { status: 'failed', recordingId, since: at, reason: reason ?? '', run: state.run }, effects };
}
