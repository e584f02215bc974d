import type { FailureCode } from '../shared/failure-codes';
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

/** Slices come every second, and one more when the encoder stops. */
export const SILENT_MS = 2000;
const ALL_TIMERS: readonly TimerName[] = ['watchdog', 'segment', 'maximum', 'retry', 'displays'];

export function finish(state: Active, at: number, reason?: string): RecorderStep {
  const hasPicture = state.recording.segment > 0;
  if (!hasPicture)
    return end(state, at, { state: 'Failed', reason: reason ?? 'It was stopped before the first picture', code: 'noPicture' });
  const missing = missingEnd(state.recording, at);
  const reasons = [reason, missing].filter((text) => text !== undefined);
  const next = end(state, at, {
    state: 'Recorded',
    ...(reasons.length === 0 ? {} : { reason: reasons.join('. ') }),
    ...(missing === undefined ? due(state, at) : { code: 'incomplete' }),
  });
  const { trouble } = state.recording;
  return trouble === undefined ? next : then(next, [raise(trouble)]); // Nobody tries again now.
}

/** The last segment may be an upload job already: only the report can still say that the end is missing. */
function missingEnd(recording: ActiveRecording, at: number): string | undefined {
  return recording.missing !== undefined && hasGap(recording, at) ? noVideoFrom(recording.missing) : undefined;
}

/** Until when there must be video, by what is known before the last slice comes. */
function due(state: Active, at: number): Pick<Outcome, 'due'> {
  const { pausedAt = at, trouble } = state.recording;
  const missing = state.status === 'running' ? state.unproven?.missing : undefined;
  return {
    due: { at: pausedAt, reason: missing?.reason ?? trouble?.reason ?? SILENT.reason, ...omitUndefined({ since: missing?.since }) },
  };
}

/** The encoder fell silent, or did not come up again, and a stop or a pause came before more was known. */
function silentEnd({ due: expected }: Outcome, videoUntil: number): string | undefined {
  if (expected === undefined || expected.at - videoUntil <= SILENT_MS) return undefined;
  return noVideoFrom({ since: expected.since ?? videoUntil, reason: expected.reason });
}

function noVideoFrom({ since, reason }: { readonly since: number; readonly reason: string }): string {
  return `There is no video from ${toRwsTime(since)} on: ${reason}`;
}

function end(state: Active, at: number, how: Pick<Outcome, 'state' | 'reason' | 'code' | 'due'>): RecorderStep {
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
  return then(end(state, at, { state: 'Failed', reason: failure.reason, code: failure.code }), [raise(failure)]);
}

/** The store would not begin: there is nothing to close. */
export function refuse({ recording, run }: Active, failure: Failure, at: number): RecorderStep {
  const { reason, code } = failure;
  const { id: recordingId, start } = recording;
  return {
    state: { status: 'failed', recordingId, since: at, reason, code, run },
    effects: [raise(failure), { type: 'report', report: { recordingId, state: 'Failed', reason, code }, agent: start.agent }],
  };
}

export const SILENT = toFailure(new CaptureError('encoder', 'The encoder fell silent'));
const NO_VIDEO = toFailure(new CaptureError('encoder', 'Nothing was recorded: the encoder gave no video'));

export function onClosed(
  state: RecorderMachineState,
  { outcome, hasMedia, videoUntil = 0, failure: met }: Closed,
  at: number,
): RecorderStep {
  const { recordingId, agent, startTime, stopTime } = outcome;
  // A frame that went to the encoder is no video yet.
  const isEmpty = met === undefined && outcome.state === 'Recorded' && !hasMedia;
  const failure = isEmpty ? NO_VIDEO : met;
  const first = isEmpty ? NO_VIDEO.reason : undefined;
  const last = hasMedia ? silentEnd(outcome, videoUntil) : undefined;
  const reason = [first, outcome.reason ?? met?.reason, last].filter(Boolean).join('. ') || undefined;
  const isFailed = outcome.state === 'Failed' || failure !== undefined;
  const effects: RecorderEffect[] = failure === undefined ? [] : [raise(failure)];
  const code = codeOfEnd(outcome, { isEmpty, met, isCut: last !== undefined });
  const how = { state: isFailed ? 'Failed' : 'Recorded', ...omitUndefined({ reason, code }) } as const;
  effects.push({ type: 'report', report: { recordingId, startTime, stopTime, ...how }, agent });
  if (state.status !== 'finishing' || state.recordingId !== recordingId) return stay(state, ...effects); // the next one is running
  if (!isFailed) return { state: { status: 'idle', run: state.run }, effects };
  return {
    state: { status: 'failed', recordingId, since: at, reason: reason ?? '', code: code ?? 'captureFailed', run: state.run },
    effects,
  };
}

/** `undefined` where nothing is missing. */
function codeOfEnd(
  { state, code }: Outcome,
  { isEmpty, met, isCut }: { readonly isEmpty: boolean; readonly met: Failure | undefined; readonly isCut: boolean },
): FailureCode | undefined {
  if (isEmpty) return 'noVideo';
  if (met !== undefined && state === 'Recorded') return met.code;
  return code ?? (isCut ? 'incomplete' : undefined);
}
