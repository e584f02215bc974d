import { toRwsTime } from '../shared/rws-time';
import type { RecordingEvent, StateReport } from '../shared/recording';
import type {
  ActiveRecording,
  Failure,
  Interruption,
  MachineState,
  Outcome,
  RecorderEffect,
  RecorderEvent,
  RecorderTimes,
  RunningState,
  TimerName,
  Transition,
} from './recorder-state';

/** Waits before the encoder is started again, by how often it failed in a row. The last one stays. */
const RETRY_DELAYS_MS = [500, 1000, 2000, 5000];
/** A dock or a changed resolution comes as a burst of events. */
const DISPLAYS_SETTLE_MS = 300;
const AFTER_DISPLAYS_SETTLED: RecorderEffect = { type: 'setTimer', name: 'displays', ms: DISPLAYS_SETTLE_MS };
/** A start that failed for something passing is tried this often before the recording is given up. */
const START_TRIES = 3;
const ALL_TIMERS: readonly TimerName[] = ['watchdog', 'segment', 'maximum', 'retry', 'displays'];
/** What a running capture proves wrong. */
const CAPTURE_PROBLEMS = ['captureFailed', 'capturePermission'] as const;
const START_PROBLEMS = [...CAPTURE_PROBLEMS, 'diskFloor', 'spoolFull', 'noRecordingKey'] as const;

/**
 * The recorder's decisions (`src/recorder/README.md`). Pure.
 * @param at epoch milliseconds
 */
export function transition(state: MachineState, event: RecorderEvent, at: number, times: RecorderTimes): Transition {
  if ('attempt' in event && event.attempt !== state.attempt) return stay(state);
  switch (event.type) {
    case 'startCommanded':
      return onStart(state, event, at);
    case 'stopCommanded':
      return isFor(state, event.recordingId) ? finish(state, at) : stay(state);
    case 'finishRequested':
      return isActive(state) ? finish(state, at, event.reason) : stay(state);
    case 'pauseCommanded':
      return isFor(state, event.recordingId) ? wantPause(state, true, at, times) : stay(state);
    case 'resumeCommanded':
      return isFor(state, event.recordingId) ? wantPause(state, false, at, times) : stay(state);
    case 'begun':
      return state.status === 'beginning'
        ? then(start(state, 0, at), [{ type: 'setTimer', name: 'maximum', ms: times.maximumMs }])
        : stay(state);
    case 'beginFailed':
      return state.status === 'beginning' ? refuse(state, event.failure, at) : stay(state);
    case 'segmentStarted':
      return state.status === 'starting' ? onSegmentStarted(state, event.displays, at, times) : stay(state);
    case 'segmentFailed':
      return state.status === 'starting' ? onSegmentFailed(state, event.failure, at) : stay(state);
    case 'slice':
      return onSlice(state, event.bytes, times);
    case 'paused':
    case 'resumed':
      return state.status === 'running' ? onModeChanged(state, event.type, at, times) : stay(state);
    case 'captureEnded':
      return onCaptureEnded(state, event.failure, at);
    case 'storeFailed':
      return isActive(state) ? fail(state, event.failure, at) : stay(state);
    case 'closed':
      return onClosed(state, event.outcome, event.failure, at);
    case 'displaysChanged':
      return state.status === 'running' || state.status === 'starting' ? stay(state, AFTER_DISPLAYS_SETTLED) : stay(state);
    case 'suspended':
      return onSuspended(state, at);
    case 'woken':
      return state.status === 'waiting' && state.until === 'woken' ? start(state, 0, at) : stay(state);
    case 'unlocked':
      return renew(state, { reason: 'unlocked', isGap: false }, at);
    case 'timer':
      return onTimer(state, event.name, at);
  }
}

type Active = Extract<MachineState, { readonly recording: ActiveRecording }>;
type Starting = Extract<MachineState, { readonly status: 'starting' }>;

export function isActive(state: MachineState): state is Active {
  return 'recording' in state;
}

function isFor(state: MachineState, recordingId: string): state is Active {
  return isActive(state) && state.recording.id === recordingId;
}

function stay(state: MachineState, ...effects: readonly RecorderEffect[]): Transition {
  return { state, effects };
}

function onStart(
  state: MachineState,
  { recording, start, agent }: Extract<RecorderEvent, { type: 'startCommanded' }>,
  at: number,
): Transition {
  if (isActive(state)) {
    if (state.recording.id === recording.id) return stay(state); // delivered twice
    const reason = `The recording ${state.recording.id} is running`;
    return stay(state, { type: 'report', report: { recordingId: recording.id, state: 'Busy', reason } });
  }
  const attempt = state.attempt + 1;
  const active: ActiveRecording = {
    id: recording.id,
    userName: agent.userName,
    start,
    startedAt: at,
    segment: 0,
    bytes: 0,
    isPauseWanted: false,
  };
  return { state: { status: 'beginning', recording: active, attempt }, effects: [{ type: 'begin', attempt, start }] };
}

/** Starts the encoder; during a pause only when that is over, since even a first frame would show the screen. */
function start({ recording, attempt }: Active, tries: number, at: number): Transition {
  const next = attempt + 1;
  if (recording.isPauseWanted) return hold({ recording, attempt }, at);
  return { state: { status: 'starting', recording, attempt: next, tries }, effects: [{ type: 'startSegment', attempt: next }] };
}

/** A pause without a running encoder. */
function hold({ recording, attempt }: Pick<Active, 'recording' | 'attempt'>, at: number): Transition {
  const waiting = { status: 'waiting', attempt: attempt + 1, tries: 0, until: 'resumed' } as const;
  if (recording.pausedAt !== undefined) return stay({ ...waiting, recording });
  return stay({ ...waiting, recording: { ...recording, pausedAt: at } }, noted('paused', at), report(recording, 'Paused'));
}

function onSegmentStarted(state: Starting, displays: RunningState['displays'], at: number, times: RecorderTimes): Transition {
  const { pausedAt, ...before } = state.recording;
  const recording = { ...before, segment: before.segment + 1 };
  const effects: RecorderEffect[] = [
    { type: 'clear', codes: START_PROBLEMS },
    { type: 'setTimer', name: 'segment', ms: times.segmentMs },
    { type: 'setTimer', name: 'watchdog', ms: times.watchdogMs },
  ];
  if (pausedAt !== undefined) effects.push(noted('resumed', at));
  if (pausedAt !== undefined || recording.segment === 1) effects.push(report(recording, 'Recording'));
  return { state: { status: 'running', recording, attempt: state.attempt, displays, mode: 'recording' }, effects };
}

function then(next: Transition, before: readonly RecorderEffect[]): Transition {
  return { state: next.state, effects: [...before, ...next.effects] };
}

function onSegmentFailed(state: Starting, failure: Failure, at: number): Transition {
  const canTry = state.recording.segment > 0 || (failure.isPassing && state.tries < START_TRIES - 1);
  if (!canTry) return fail(state, failure, at);
  const ms = RETRY_DELAYS_MS[Math.min(state.tries, RETRY_DELAYS_MS.length - 1)]!;
  const effects: RecorderEffect[] = [
    { type: 'endSegment', attempt: state.attempt },
    { type: 'setTimer', name: 'retry', ms },
  ];
  if (state.recording.segment > 0) effects.push(raise(failure));
  return { state: { ...state, status: 'waiting', tries: state.tries + 1, until: 'retry' }, effects };
}

function onSlice(state: MachineState, bytes: number, times: RecorderTimes): Transition {
  if (!isActive(state)) return stay(state);
  const recording = { ...state.recording, bytes: state.recording.bytes + bytes };
  if (state.status !== 'running' || isCut(state, times)) return stay({ ...state, recording });
  return stay({ ...state, recording }, { type: 'setTimer', name: 'watchdog', ms: times.watchdogMs });
}

function wantPause(state: Active, isPauseWanted: boolean, at: number, times: RecorderTimes): Transition {
  const wanted = { ...state, recording: { ...state.recording, isPauseWanted } };
  if (wanted.status === 'running') return applyPause(wanted, times);
  if (wanted.status === 'starting' && isPauseWanted) return then(hold(wanted, at), [{ type: 'endSegment', attempt: wanted.attempt }]);
  if (wanted.status === 'waiting' && wanted.until === 'retry' && isPauseWanted) return then(hold(wanted, at), [clearTimers('retry')]);
  if (wanted.status === 'waiting' && wanted.until === 'resumed' && !isPauseWanted) return start(wanted, 0, at);
  return stay(wanted);
}

/** Brings a running capture to where the last command wants it; does nothing while a change is under way. */
function applyPause(state: RunningState, times: RecorderTimes): Transition {
  const { attempt, recording, mode } = state;
  if (recording.isPauseWanted && mode === 'recording') {
    const effects: RecorderEffect[] = [{ type: 'pauseCapture', attempt }];
    if (times.pauseMode === 'cut') effects.push(clearTimers('watchdog'));
    return { state: { ...state, mode: 'pausing' }, effects };
  }
  if (!recording.isPauseWanted && mode === 'paused') return stay({ ...state, mode: 'resuming' }, { type: 'resumeCapture', attempt });
  return stay(state);
}

function onModeChanged(state: RunningState, change: 'paused' | 'resumed', at: number, times: RecorderTimes): Transition {
  if (change === 'paused') {
    const recording = { ...state.recording, pausedAt: at };
    return then(applyPause({ ...state, recording, mode: 'paused' }, times), [noted('paused', at), report(recording, 'Paused')]);
  }
  const { due, recording: before, ...rest } = state;
  const { pausedAt: _over, ...recording } = before;
  const next = { ...rest, recording, mode: 'recording' } as const;
  return then(due === undefined ? applyPause(next, times) : renew(next, due, at), [
    noted('resumed', at),
    { type: 'setTimer', name: 'watchdog', ms: times.watchdogMs },
    report(recording, 'Recording'),
  ]);
}

function isCut(state: RunningState, times: RecorderTimes): boolean {
  return times.pauseMode === 'cut' && state.mode !== 'recording';
}

function onCaptureEnded(state: MachineState, failure: Failure, at: number): Transition {
  if (state.status === 'starting') return onSegmentFailed(state, failure, at);
  if (state.status !== 'running') return stay(state);
  return restart(state, { reason: failure.reason, isGap: true }, at);
}

/** A new segment, at once or when the pause is over. */
function renew(state: MachineState, due: Interruption, at: number): Transition {
  if (state.status !== 'running') return stay(state);
  return state.mode === 'recording' ? restart(state, due, at) : stay({ ...state, due });
}

function restart(state: RunningState, { reason, isGap }: Interruption, at: number): Transition {
  const { attempt } = state;
  const effects: RecorderEffect[] = [clearTimers('watchdog', 'segment', 'displays'), { type: 'endSegment', attempt }];
  if (isGap) effects.push(noted('gap', at, reason));
  return then(start(state, 0, at), effects);
}

function onSuspended(state: MachineState, at: number): Transition {
  if (!isActive(state) || state.status === 'beginning') return stay(state);
  const { recording, attempt } = state;
  const effects: RecorderEffect[] = [clearTimers('watchdog', 'segment', 'displays', 'retry')];
  if (state.status === 'waiting' && state.until === 'resumed') return stay(state, ...effects);
  if (state.status !== 'waiting') effects.push({ type: 'endSegment', attempt }, noted('gap', at, 'The computer slept'));
  return { state: { status: 'waiting', recording, attempt: attempt + 1, tries: 0, until: 'woken' }, effects };
}

function onTimer(state: MachineState, name: TimerName, at: number): Transition {
  switch (name) {
    case 'maximum':
      return isActive(state) ? finish(state, at, 'The longest allowed time was reached') : stay(state);
    case 'retry':
      return state.status === 'waiting' && state.until === 'retry' ? start(state, state.tries, at) : stay(state);
    case 'segment':
      return renew(state, { reason: 'segment', isGap: false }, at);
    case 'watchdog':
      return state.status === 'running' ? restart(state, { reason: 'The encoder fell silent', isGap: true }, at) : stay(state);
    case 'displays': {
      // A start that is under way may have seen the displays as they were before.
      if (state.status === 'starting') return stay(state, AFTER_DISPLAYS_SETTLED);
      if (state.status !== 'running') return stay(state);
      const { state: next, effects } = renew(state, { reason: 'displays', isGap: false }, at);
      return stay(next, ...effects, noted('displaysChanged', at));
    }
  }
}

function finish(state: Active, at: number, reason?: string): Transition {
  const hasPicture = state.recording.segment > 0;
  const nothing = reason ?? 'It was stopped before the first picture';
  return end(
    state,
    at,
    hasPicture ? { state: 'Recorded', ...(reason === undefined ? {} : { reason }) } : { state: 'Failed', reason: nothing },
  );
}

function end(state: Active, at: number, how: Pick<Outcome, 'state' | 'reason'>): Transition {
  const { recording, attempt } = state;
  const outcome: Outcome = { recordingId: recording.id, startTime: recording.start.startTime, stopTime: toRwsTime(at), ...how };
  const effects: RecorderEffect[] = [clearTimers(...ALL_TIMERS), { type: 'endSegment', attempt }, { type: 'close', outcome }];
  return {
    state: { status: 'finishing', recordingId: recording.id, userName: recording.userName, since: at, attempt: attempt + 1 },
    effects,
  };
}

/** Ends the recording for a fault. What is on disk is kept and uploaded. */
function fail(state: Active, failure: Failure, at: number): Transition {
  return then(end(state, at, { state: 'Failed', reason: failure.reason }), [raise(failure)]);
}

/** The store would not begin: there is nothing to close. */
function refuse({ recording, attempt }: Active, failure: Failure, at: number): Transition {
  return {
    state: { status: 'failed', recordingId: recording.id, since: at, reason: failure.reason, attempt },
    effects: [raise(failure), { type: 'report', report: { recordingId: recording.id, state: 'Failed', reason: failure.reason } }],
  };
}

function onClosed(state: MachineState, outcome: Outcome, failure: Failure | undefined, at: number): Transition {
  const { recordingId, startTime, stopTime } = outcome;
  const reason = outcome.reason ?? failure?.reason;
  const isFailed = outcome.state === 'Failed' || failure !== undefined;
  const effects: RecorderEffect[] = failure === undefined ? [] : [raise(failure)];
  const how = { state: isFailed ? 'Failed' : 'Recorded', ...(reason === undefined ? {} : { reason }) } as const;
  effects.push({ type: 'report', report: { recordingId, startTime, stopTime, ...how } });
  if (state.status !== 'finishing' || state.recordingId !== recordingId) return stay(state, ...effects); // the next one is running
  if (!isFailed) return { state: { status: 'idle', attempt: state.attempt }, effects };
  return { state: { status: 'failed', recordingId, since: at, reason: reason ?? '', attempt: state.attempt }, effects };
}

function noted(event: RecordingEvent['event'], at: number, reason?: string): RecorderEffect {
  return { type: 'note', event: { time: toRwsTime(at), event, ...(reason === undefined ? {} : { reason }) } };
}

function clearTimers(...names: readonly TimerName[]): RecorderEffect {
  return { type: 'clearTimers', names };
}

function raise({ problem, reason, remedy }: Failure): RecorderEffect {
  return { type: 'raise', problem: { code: problem, text: reason, remedy } };
}

function report(recording: ActiveRecording, state: StateReport['state']): RecorderEffect {
  return { type: 'report', report: { recordingId: recording.id, state, startTime: recording.start.startTime } };
}
