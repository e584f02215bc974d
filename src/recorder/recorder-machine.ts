import { isSameRecordingId } from '../shared/same-name';
import { isActive, noted, stay, then, type Active } from './recorder-effects';
import { fail, finish, onClosed, refuse } from './recorder-end';
import { NOT_READY } from './recorder-gap';
import { onModeChanged, wantPause } from './recorder-pause';
import { onCaptureEnded, onSegmentFailed, onSegmentStarted, onSlice, onSuspended, onWatchdog, renew, start } from './recorder-runs';
import type { ActiveRecording, MachineState, RecorderEffect, RecorderEvent, RecorderTimes, TimerName, Transition } from './recorder-state';

/** A dock or a changed resolution comes as a burst of events. */
const DISPLAYS_SETTLE_MS = 300;
const AFTER_DISPLAYS_SETTLED: RecorderEffect = { type: 'setTimer', name: 'displays', ms: DISPLAYS_SETTLE_MS };

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
      return state.status === 'starting' ? onSegmentStarted(state, event, at, times) : stay(state);
    case 'segmentFailed':
      return state.status === 'starting' ? onSegmentFailed(state, event.failure, at) : stay(state);
    case 'slice':
      return onSlice(state, event.bytes, at, times);
    case 'paused':
    case 'resumed':
      return state.status === 'running' ? onModeChanged(state, event.type, at, times) : stay(state);
    case 'captureEnded':
      return onCaptureEnded(state, event.failure, at);
    case 'storeFailed':
      return isActive(state) ? fail(state, event.failure, at) : stay(state);
    case 'closed':
      return onClosed(state, event, at);
    case 'displaysChanged':
      return state.status === 'running' || state.status === 'starting' ? stay(state, AFTER_DISPLAYS_SETTLED) : stay(state);
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

function isFor(state: MachineState, recordingId: string): state is Active {
  return isActive(state) && isSameRecordingId(state.recording.id, recordingId);
}

function onStart(
  state: MachineState,
  { recording, start, agent }: Extract<RecorderEvent, { type: 'startCommanded' }>,
  at: number,
): Transition {
  if (isActive(state)) {
    if (isSameRecordingId(state.recording.id, recording.id)) return stay(state); // delivered twice
    const reason = `The recording ${state.recording.id} is running`;
    return stay(state, { type: 'report', report: { recordingId: recording.id, state: 'Busy', reason }, agent });
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
    unfilmed: { since: at, reason: NOT_READY, isNoted: false },
  };
  return { state: { status: 'beginning', recording: active, attempt }, effects: [{ type: 'begin', attempt, start }] };
}

function onWoken(state: MachineState, at: number): Transition {
  return state.status === 'waiting' && state.until === 'woken' ? start(state, 0, at) : stay(state);
}

function onTimer(state: MachineState, name: TimerName, at: number): Transition {
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
