import { isSameRecordingId } from '../shared/same-name';
import { isActive, noted, stay, then, type Active } from './recorder-effects';
import { fail, finish, onClosed, refuse } from './recorder-end';
import { NOT_READY } from './recorder-gap';
import { onCoveringChanged } from './recorder-masks';
import { onModeChanged, wantPause } from './recorder-pause';
import { onRunEnded, onRunFailed, onRunStarted, onSlice, onSuspended, onWatchdog, renew, start } from './recorder-runs';
import type {
  ActiveRecording,
  RecorderMachineState,
  RecorderEffect,
  RecorderEvent,
  RecorderSurroundings,
  TimerName,
  RecorderStep,
} from './recorder-state';

/** A dock or a changed resolution comes as a burst of events. */
const DISPLAYS_SETTLE_MS = 300;
const AFTER_DISPLAYS_SETTLED: RecorderEffect = { type: 'setTimer', name: 'displays', ms: DISPLAYS_SETTLE_MS };

/** The recorder's decisions (`src/recorder/README.md`). Pure. */
export function stepRecorder(state: RecorderMachineState, event: RecorderEvent, around: RecorderSurroundings): RecorderStep {
  const { now: at } = around;
  if ('run' in event && event.run !== state.run) return stay(state);
  switch (event.type) {
    case 'startCommanded':
      return onStart(state, event, at);
    case 'stopCommanded':
      return isFor(state, event.recordingId) ? finish(state, at) : stay(state);
    case 'finishRequested':
      return isActive(state) ? finish(state, at, event.reason) : stay(state);
    case 'pauseCommanded':
      return isFor(state, event.recordingId) ? wantPause(state, true, around) : stay(state);
    case 'resumeCommanded':
      return isFor(state, event.recordingId) ? wantPause(state, false, around) : stay(state);
    case 'begun':
      return state.status === 'beginning'
        ? then(start(state, 0, at), [{ type: 'setTimer', name: 'maximum', ms: around.maximumMs }])
        : stay(state);
    case 'beginFailed':
      return state.status === 'beginning' ? refuse(state, event.failure, at) : stay(state);
    case 'runStarted':
      return state.status === 'starting' ? onRunStarted(state, event, around) : stay(state);
    case 'runFailed':
      return state.status === 'starting' ? onRunFailed(state, event.failure, at) : stay(state);
    case 'slice':
      return onSlice(state, event.bytes, around);
    case 'paused':
    case 'resumed':
      return state.status === 'running' ? onModeChanged(state, event.type, around) : stay(state);
    case 'runEnded':
      return onRunEnded(state, event.failure, at);
    case 'storeFailed':
      return isActive(state) ? fail(state, event.failure, at) : stay(state);
    case 'closed':
      return onClosed(state, event, at);
    case 'displaysChanged':
      return state.status === 'running' || state.status === 'starting' ? stay(state, AFTER_DISPLAYS_SETTLED) : stay(state);
    case 'coveringChanged':
      return onCoveringChanged(state, event.covering, at);
    case 'suspended':
      return onSuspended(state, at);
    case 'woken':
      return onWoken(state, at);
    case 'unlocked':
      // A computer that is unlocked is awake, whether or not the system told of it.
      if (state.status === 'waiting') return onWoken(state, at);
      return renew(state, { reason: 'The screen was unlocked', isGap: false }, at);
    case 'timer':
      return onTimer(state, event.name, at);
  }
}

function isFor(state: RecorderMachineState, recordingId: string): state is Active {
  return isActive(state) && isSameRecordingId(state.recording.id, recordingId);
}

function onStart(
  state: RecorderMachineState,
  { recording, start, agent }: Extract<RecorderEvent, { type: 'startCommanded' }>,
  at: number,
): RecorderStep {
  if (isActive(state)) {
    if (isSameRecordingId(state.recording.id, recording.id)) return stay(state); // delivered twice
    const reason = `The recording ${state.recording.id} is running`;
    return stay(state, { type: 'report', report: { recordingId: recording.id, state: 'Busy', reason, code: 'busy' }, agent });
  }
  const run = state.run + 1;
  const active: ActiveRecording = {
    id: recording.id,
    userName: agent.userName,
    start,
    startedAt: at,
    segment: 0,
    bytes: 0,
    isPauseWanted: false,
    missing: { since: at, reason: NOT_READY, isNoted: false },
  };
  return { state: { status: 'beginning', recording: active, run }, effects: [{ type: 'begin', run, start, masks: recording.masks ?? [] }] };
}

function onWoken(state: RecorderMachineState, at: number): RecorderStep {
  return state.status === 'waiting' && state.until === 'woken' ? start(state, 0, at) : stay(state);
}

function onTimer(state: RecorderMachineState, name: TimerName, at: number): RecorderStep {
  switch (name) {
    case 'maximum':
      return isActive(state) ? finish(state, at, 'The longest allowed time was reached') : stay(state);
    case 'retry':
      return state.status === 'waiting' && state.until === 'retry' ? start(state, state.tries, at) : stay(state);
    case 'segment':
      return renew(state, { reason: 'A new segment was due', isGap: false }, at);
    case 'watchdog':
      return onWatchdog(state, at);
    case 'displays': {
      // A start that is under way may have seen the displays as they were before.
      if (state.status === 'starting') return stay(state, AFTER_DISPLAYS_SETTLED);
      if (state.status !== 'running') return stay(state);
      const { state: next, effects } = renew(state, { reason: 'The displays changed', isGap: false }, at);
      return stay(next, ...effects, noted('displaysChanged', at));
    }
  }
}
