import { clearTimers, noted, report, stay, then, type Active } from './recorder-effects';
import { closeGap, NOT_READY, unfilmedSince } from './recorder-gap';
import { hold, renew, restart, start } from './recorder-runs';
import type { RecorderEffect, RecorderTimes, RunningState, Transition } from './recorder-state';

export function wantPause(state: Active, isPauseWanted: boolean, at: number, times: RecorderTimes): Transition {
  const { isPauseWanted: wasWanted, ...before } = state.recording;
  if (isPauseWanted === wasWanted) return stay(state);
  const recording = { ...before, isPauseWanted };
  const wanted = { ...state, recording: isPauseWanted ? recording : unfilmedSince(recording, at, NOT_READY) };
  if (wanted.status === 'running') return isPauseWanted ? pauseRun(wanted, at, times) : applyPause(wanted, times);
  if (wanted.status === 'starting' && isPauseWanted) return then(hold(wanted, at), [{ type: 'endSegment', attempt: wanted.attempt }]);
  if (wanted.status === 'waiting' && wanted.until === 'retry' && isPauseWanted) return then(hold(wanted, at), [clearTimers('retry')]);
  if (wanted.status === 'waiting' && wanted.until === 'resumed' && !isPauseWanted) return start(wanted, 0, at);
  return stay(wanted);
}

function pauseRun(state: RunningState, at: number, times: RecorderTimes): Transition {
  // The displays are being opened again: only the end of this run keeps every frame of them out of the film.
  if (state.mode === 'resuming') return restart(state, { reason: NOT_READY, isGap: false }, at);
  const [recording, gap] = closeGap(state.recording, at);
  return then(applyPause({ ...state, recording }, times), gap);
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

export function onModeChanged(state: RunningState, change: 'paused' | 'resumed', at: number, times: RecorderTimes): Transition {
  if (change === 'paused') {
    const recording = { ...state.recording, pausedAt: at };
    // What the film lacked before the pause is not what it lacks after it.
    const unproven = state.unproven === undefined ? {} : { unproven: { tries: state.unproven.tries } };
    return then(applyPause({ ...state, ...unproven, recording, mode: 'paused' }, times), [
      noted('paused', at),
      report(recording, 'Paused'),
    ]);
  }
  const { due, recording: before, ...rest } = state;
  const [filmed, gap] = closeGap(before, at);
  const { pausedAt: _over, ...recording } = filmed;
  const next = { ...rest, recording, mode: 'recording', filmedUntil: at } as const;
  return then(due === undefined ? applyPause(next, times) : renew(next, due, at), [
    ...gap,
    noted('resumed', at),
    { type: 'setTimer', name: 'watchdog', ms: times.watchdogMs },
    report(recording, 'Recording'),
  ]);
}
