import { omitUndefined } from '../shared/omit-undefined';
import { clearTimers, isActive, noted, raiseMeanwhile, report, stay, then, type Active } from './recorder-effects';
import { fail, SILENT, SILENT_MS } from './recorder-end';
import { breakOff, closeGap, hasGap, missingSince } from './recorder-gap';
import type {
  Failure,
  Interruption,
  RecorderMachineState,
  RecorderEffect,
  RecorderEvent,
  RecorderSurroundings,
  RunningState,
  RecorderStep,
} from './recorder-state';

/** Waits before the encoder is started again, by how often it failed in a row. The last one stays. */
const RETRY_DELAYS_MS = [500, 1000, 2000, 5000];
/** A start that failed for something passing is tried this often before the recording is given up. */
const START_TRIES = 3;
/** What video proves wrong. */
const CAPTURE_PROBLEMS = ['captureFailed', 'capturePermission'] as const;
const START_PROBLEMS = [...CAPTURE_PROBLEMS, 'diskFloor', 'spoolFull', 'noRecordingKey'] as const;

type Starting = Extract<RecorderMachineState, { readonly status: 'starting' }>;

/** Starts the encoder; during a pause only when that is over, since even a first frame would show the screen. */
export function start({ recording, run }: Active, tries: number, at: number): RecorderStep {
  const next = run + 1;
  if (recording.isPauseWanted) return hold({ recording, run }, at);
  return { state: { status: 'starting', recording, run: next, tries }, effects: [{ type: 'startRun', run: next }] };
}

/** A pause without a running encoder. */
export function hold({ recording, run }: Pick<Active, 'recording' | 'run'>, at: number): RecorderStep {
  const waiting = { status: 'waiting', run: run + 1, tries: 0, until: 'resumed' } as const;
  const [held, gap] = closeGap(recording, at);
  if (held.pausedAt !== undefined) {
    // Resumed meanwhile, and nothing came: only what is from now on is a pause.
    const pausedAt = hasGap(recording, at) ? at : held.pausedAt;
    return stay({ ...waiting, recording: { ...held, pausedAt } }, ...gap);
  }
  return stay({ ...waiting, recording: { ...held, pausedAt: at } }, ...gap, noted('paused', at), report(recording, 'Paused'));
}

export function onRunStarted(
  state: Starting,
  { displays, startedAt }: Pick<Extract<RecorderEvent, { type: 'runStarted' }>, 'displays' | 'startedAt'>,
  { now, segmentMs, watchdogMs }: RecorderSurroundings,
): RecorderStep {
  const { missing: open } = state.recording;
  const [whole, gap] = closeGap(state.recording, startedAt);
  const missing = open === undefined ? {} : { missing: { ...open, isNoted: open.isNoted || gap.length > 0 } };
  const { pausedAt, ...before } = whole;
  const recording = { ...before, segment: before.segment + 1 };
  const effects: RecorderEffect[] = [
    ...gap,
    { type: 'setTimer', name: 'segment', ms: segmentMs },
    { type: 'setTimer', name: 'watchdog', ms: watchdogMs },
  ];
  if (pausedAt !== undefined) effects.push(noted('resumed', now));
  if (pausedAt !== undefined || recording.segment === 1) effects.push(report(recording, 'Recording'));
  const running = { run: state.run, displays, mode: 'recording', videoUntil: startedAt } as const;
  return { state: { status: 'running', recording, ...running, unproven: { tries: state.tries, ...missing } }, effects };
}

export function onSlice(state: RecorderMachineState, bytes: number, around: RecorderSurroundings): RecorderStep {
  if (!isActive(state)) return stay(state);
  const sum = state.recording.bytes + bytes;
  if (state.status !== 'running') return stay({ ...state, recording: { ...state.recording, bytes: sum } });
  const { unproven, ...running } = state;
  const { trouble: _over, ...recording } = state.recording;
  const effects: RecorderEffect[] = unproven === undefined ? [] : [{ type: 'clear', codes: START_PROBLEMS }];
  if (!isCut(state, around)) effects.push({ type: 'setTimer', name: 'watchdog', ms: around.watchdogMs });
  return { state: { ...running, recording: { ...recording, bytes: sum }, videoUntil: around.now }, effects };
}

export function onRunFailed(state: Starting, failure: Failure, at: number): RecorderStep {
  const canTry = state.recording.segment > 0 || (failure.isPassing && state.tries < START_TRIES - 1);
  return canTry && !failure.isFinal ? tryAgain(state, failure, at) : fail(state, failure, at);
}

/** @param since when the video ended, unless it lacked something before */
function tryAgain(state: Pick<Starting, 'recording' | 'run' | 'tries'>, failure: Failure, since: number): RecorderStep {
  const ms = RETRY_DELAYS_MS[Math.min(state.tries, RETRY_DELAYS_MS.length - 1)]!;
  const [recording, gap] = breakOff(state.recording, since, failure.reason);
  const effects: RecorderEffect[] = [...gap, { type: 'endRun', run: state.run }, { type: 'setTimer', name: 'retry', ms }];
  const waiting = { status: 'waiting', run: state.run, tries: state.tries + 1, until: 'retry' } as const;
  if (recording.segment === 0) return { state: { ...waiting, recording }, effects };
  return { state: { ...waiting, recording: { ...recording, trouble: failure } }, effects: [...effects, raiseMeanwhile(failure)] };
}

export function onRunEnded(state: RecorderMachineState, failure: Failure, at: number): RecorderStep {
  if (state.status === 'starting') return onRunFailed(state, failure, at);
  return state.status === 'running' ? breakRun(state, failure, at) : stay(state);
}

export function onWatchdog(state: RecorderMachineState, at: number): RecorderStep {
  return state.status === 'running' ? breakRun(state, SILENT, at) : stay(state);
}

/** A run that gave nothing is a start that failed: started again at once, it would be so for ever, and nobody would be told. */
function breakRun(state: RunningState, failure: Failure, at: number): RecorderStep {
  const { recording, run, unproven } = state;
  if (failure.isFinal) return fail(state, failure, at);
  if (unproven === undefined || recording.isPauseWanted) return restart(state, { reason: failure.reason, isGap: true }, at);
  const { tries, ...lacking } = unproven;
  return then(tryAgain({ recording: { ...recording, ...lacking }, run, tries }, failure, videoEnd(state)), [
    clearTimers('watchdog', 'segment', 'displays'),
  ]);
}

function videoEnd({ videoUntil, recording }: RunningState): number {
  return Math.max(videoUntil, recording.pausedAt ?? 0);
}

/** A new segment, at once or when the pause is over. */
export function renew(state: RecorderMachineState, due: Interruption, at: number): RecorderStep {
  if (state.status !== 'running') return stay(state);
  return state.mode === 'recording' ? restart(state, due, at) : stay({ ...state, due });
}

export function restart(state: RunningState, { reason, isGap }: Interruption, at: number): RecorderStep {
  const { run } = state;
  const end = videoEnd(state);
  const isSilent = at - end > SILENT_MS;
  const before = isSilent ? { ...state.recording, ...omitUndefined({ missing: state.unproven?.missing }) } : state.recording;
  // A silence is noted before its segment ends: a kill before the next one begins leaves nobody else to tell of it.
  const cause = isGap ? reason : (before.missing?.reason ?? reason);
  const [recording, gap] = isGap || isSilent ? breakOff(before, end, cause) : [missingSince(before, at, reason), []];
  return then(start({ ...state, recording }, state.unproven?.tries ?? 0, at), [
    clearTimers('watchdog', 'segment', 'displays'),
    ...gap,
    { type: 'endRun', run },
  ]);
}

export function onSuspended(state: RecorderMachineState, at: number): RecorderStep {
  if (!isActive(state) || state.status === 'beginning') return stay(state);
  const { run } = state;
  const effects: RecorderEffect[] = [clearTimers('watchdog', 'segment', 'displays', 'retry')];
  if (state.status === 'waiting' && state.until === 'resumed') return stay(state, ...effects);
  const [recording, gap] = breakOff(state.recording, at, 'The computer slept');
  effects.push(...gap);
  if (state.status !== 'waiting') effects.push({ type: 'endRun', run });
  return { state: { status: 'waiting', recording, run: run + 1, tries: 0, until: 'woken' }, effects };
}

function isCut(state: RunningState, { pauseMode }: RecorderSurroundings): boolean {
  return pauseMode === 'cut' && state.mode !== 'recording';
}
