import { CaptureError } from '../screen/errors';
import { toFailure } from './failure';
import { clearTimers, isActive, noted, raiseMeanwhile, report, stay, then, type Active } from './recorder-effects';
import { fail } from './recorder-end';
import { breakOff, closeGap, unfilmedSince } from './recorder-gap';
import type {
  Failure,
  Interruption,
  MachineState,
  RecorderEffect,
  RecorderEvent,
  RecorderTimes,
  RunningState,
  Transition,
} from './recorder-state';

/** Waits before the encoder is started again, by how often it failed in a row. The last one stays. */
const RETRY_DELAYS_MS = [500, 1000, 2000, 5000];
/** A start that failed for something passing is tried this often before the recording is given up. */
const START_TRIES = 3;
/** What video proves wrong. */
const CAPTURE_PROBLEMS = ['captureFailed', 'capturePermission'] as const;
const START_PROBLEMS = [...CAPTURE_PROBLEMS, 'diskFloor', 'spoolFull', 'noRecordingKey'] as const;

const SILENT = toFailure(new CaptureError('encoder', 'The encoder fell silent'));

type Starting = Extract<MachineState, { readonly status: 'starting' }>;

/** Starts the encoder; during a pause only when that is over, since even a first frame would show the screen. */
export function start({ recording, attempt }: Active, tries: number, at: number): Transition {
  const next = attempt + 1;
  if (recording.isPauseWanted) return hold({ recording, attempt }, at);
  return { state: { status: 'starting', recording, attempt: next, tries }, effects: [{ type: 'startSegment', attempt: next }] };
}

/** A pause without a running encoder. */
export function hold({ recording, attempt }: Pick<Active, 'recording' | 'attempt'>, at: number): Transition {
  const waiting = { status: 'waiting', attempt: attempt + 1, tries: 0, until: 'resumed' } as const;
  const [held, gap] = closeGap(recording, at);
  if (held.pausedAt !== undefined) return stay({ ...waiting, recording: held }, ...gap);
  return stay({ ...waiting, recording: { ...held, pausedAt: at } }, ...gap, noted('paused', at), report(recording, 'Paused'));
}

export function onSegmentStarted(
  state: Starting,
  { displays, startedAt }: Pick<Extract<RecorderEvent, { type: 'segmentStarted' }>, 'displays' | 'startedAt'>,
  at: number,
  times: RecorderTimes,
): Transition {
  const { unfilmed: open } = state.recording;
  const [filmed, gap] = closeGap(state.recording, startedAt);
  const unfilmed = open === undefined ? {} : { unfilmed: { ...open, isNoted: open.isNoted || gap.length > 0 } };
  const { pausedAt, ...before } = filmed;
  const recording = { ...before, segment: before.segment + 1 };
  const effects: RecorderEffect[] = [
    ...gap,
    { type: 'setTimer', name: 'segment', ms: times.segmentMs },
    { type: 'setTimer', name: 'watchdog', ms: times.watchdogMs },
  ];
  if (pausedAt !== undefined) effects.push(noted('resumed', at));
  if (pausedAt !== undefined || recording.segment === 1) effects.push(report(recording, 'Recording'));
  const run = { attempt: state.attempt, displays, mode: 'recording', filmedUntil: startedAt } as const;
  return { state: { status: 'running', recording, ...run, unproven: { tries: state.tries, ...unfilmed } }, effects };
}

export function onSlice(state: MachineState, bytes: number, at: number, times: RecorderTimes): Transition {
  if (!isActive(state)) return stay(state);
  const sum = state.recording.bytes + bytes;
  if (state.status !== 'running') return stay({ ...state, recording: { ...state.recording, bytes: sum } });
  const { unproven, ...run } = state;
  const { trouble: _over, ...recording } = state.recording;
  const effects: RecorderEffect[] = unproven === undefined ? [] : [{ type: 'clear', codes: START_PROBLEMS }];
  if (!isCut(state, times)) effects.push({ type: 'setTimer', name: 'watchdog', ms: times.watchdogMs });
  return { state: { ...run, recording: { ...recording, bytes: sum }, filmedUntil: at }, effects };
}

export function onSegmentFailed(state: Starting, failure: Failure, at: number): Transition {
  const canTry = state.recording.segment > 0 || (failure.isPassing && state.tries < START_TRIES - 1);
  return canTry ? tryAgain(state, failure, at) : fail(state, failure, at);
}

/** @param since when the film ended, unless it lacked something before */
function tryAgain(state: Pick<Starting, 'recording' | 'attempt' | 'tries'>, failure: Failure, since: number): Transition {
  const ms = RETRY_DELAYS_MS[Math.min(state.tries, RETRY_DELAYS_MS.length - 1)]!;
  const [recording, gap] = breakOff(state.recording, since, failure.reason);
  const effects: RecorderEffect[] = [...gap, { type: 'endSegment', attempt: state.attempt }, { type: 'setTimer', name: 'retry', ms }];
  const waiting = { status: 'waiting', attempt: state.attempt, tries: state.tries + 1, until: 'retry' } as const;
  if (recording.segment === 0) return { state: { ...waiting, recording }, effects };
  return { state: { ...waiting, recording: { ...recording, trouble: failure } }, effects: [...effects, raiseMeanwhile(failure)] };
}

export function onCaptureEnded(state: MachineState, failure: Failure, at: number): Transition {
  if (state.status === 'starting') return onSegmentFailed(state, failure, at);
  return state.status === 'running' ? breakRun(state, failure, at) : stay(state);
}

export function onWatchdog(state: MachineState, at: number): Transition {
  return state.status === 'running' ? breakRun(state, SILENT, at) : stay(state);
}

/** A run that gave nothing is a start that failed: started again at once, it would be so for ever, and nobody would be told. */
function breakRun(state: RunningState, failure: Failure, at: number): Transition {
  const { recording, attempt, unproven } = state;
  if (unproven === undefined || recording.isPauseWanted) return restart(state, { reason: failure.reason, isGap: true }, at);
  const { tries, ...lacking } = unproven;
  return then(tryAgain({ recording: { ...recording, ...lacking }, attempt, tries }, failure, filmEnd(state)), [
    clearTimers('watchdog', 'segment', 'displays'),
  ]);
}

function filmEnd({ filmedUntil, recording }: RunningState): number {
  return Math.max(filmedUntil, recording.pausedAt ?? 0);
}

/** A new segment, at once or when the pause is over. */
export function renew(state: MachineState, due: Interruption, at: number): Transition {
  if (state.status !== 'running') return stay(state);
  return state.mode === 'recording' ? restart(state, due, at) : stay({ ...state, due });
}

export function restart(state: RunningState, { reason, isGap }: Interruption, at: number): Transition {
  const { attempt } = state;
  const [recording, gap] = isGap ? breakOff(state.recording, filmEnd(state), reason) : [unfilmedSince(state.recording, at, reason), []];
  return then(start({ ...state, recording }, state.unproven?.tries ?? 0, at), [
    clearTimers('watchdog', 'segment', 'displays'),
    ...gap,
    { type: 'endSegment', attempt },
  ]);
}

export function onSuspended(state: MachineState, at: number): Transition {
  if (!isActive(state) || state.status === 'beginning') return stay(state);
  const { attempt } = state;
  const effects: RecorderEffect[] = [clearTimers('watchdog', 'segment', 'displays', 'retry')];
  if (state.status === 'waiting' && state.until === 'resumed') return stay(state, ...effects);
  const [recording, gap] = breakOff(state.recording, at, 'The computer slept');
  effects.push(...gap);
  if (state.status !== 'waiting') effects.push({ type: 'endSegment', attempt });
  return { state: { status: 'waiting', recording, attempt: attempt + 1, tries: 0, until: 'woken' }, effects };
}

function isCut(state: RunningState, times: RecorderTimes): boolean {
  return times.pauseMode === 'cut' && state.mode !== 'recording';
}
