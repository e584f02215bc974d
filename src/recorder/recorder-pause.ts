import { clearTimers, noted, report, stay, then, type Active } from './recorder-effects';
import { closeGap, NOT_READY, missingSince } from './recorder-gap';
import { hold, renew, restart, start } from './recorder-runs';
import type { RecorderEffect, RecorderSurroundings, RunningState, RecorderStep } from './recorder-state';

export function wantPause(state: Active, isPauseWanted: boolean, around: RecorderSurroundings): RecorderStep {
  const { now } = around;
  const { isPauseWanted: wasWanted, ...before } = state.recording;
  if (isPauseWanted === wasWanted) return stay(state);
  const recording = { ...before, isPauseWanted };
  const wanted = { ...state, recording: isPauseWanted ? recording : missingSince(recording, now, NOT_READY) };
  if (wanted.status === 'running') return isPauseWanted ? pauseRun(wanted, around) : applyPause(wanted, around);
  if (wanted.status === 'starting' && isPauseWanted) return then(hold(wanted, now), [{ type: 'endRun', run: wanted.run }]);
  if (wanted.status === 'waiting' && wanted.until === 'retry' && isPauseWanted) return then(hold(wanted, now), [clearTimers('retry')]);
  if (wanted.status === 'waiting' && wanted.until === 'resumed' && !isPauseWanted) return start(wanted, 0, now);
  return stay(wanted);
}

function pauseRun(state: RunningState, around: RecorderSurroundings): RecorderStep {
  // The displays are being opened again: only the end of this run keeps every frame of them out of the video.
  if (state.mode === 'resuming') return restart(state, { reason: NOT_READY, isGap: false }, around.now);
  const [recording, gap] = closeGap(state.recording, around.now);
  return then(applyPause({ ...state, recording }, around), gap);
}

/** Brings a running capture to where the last command wants it; does nothing while a change is under way. */
function applyPause(state: RunningState, { pauseMode }: RecorderSurroundings): RecorderStep {
  const { run, recording, mode } = state;
  if (recording.isPauseWanted && mode === 'recording') {
    const effects: RecorderEffect[] = [{ type: 'pauseRun', run }];
    if (pauseMode === 'cut') effects.push(clearTimers('watchdog'));
    return { state: { ...state, mode: 'pausing' }, effects };
  }
  if (!recording.isPauseWanted && mode === 'paused') return stay({ ...state, mode: 'resuming' }, { type: 'resumeRun', run });
  return stay(state);
}

export function onModeChanged(state: RunningState, change: 'paused' | 'resumed', around: RecorderSurroundings): RecorderStep {
  const { now } = around;
  if (change === 'paused') {
    const recording = { ...state.recording, pausedAt: now };
    // What the video lacked before the pause is not what it lacks after it.
    const unproven = state.unproven === undefined ? {} : { unproven: { tries: state.unproven.tries } };
    return then(applyPause({ ...state, ...unproven, recording, mode: 'paused' }, around), [
      noted('paused', now),
      report(recording, 'Paused'),
    ]);
  }
  const { due, recording: before, ...rest } = state;
  const [whole, gap] = closeGap(before, now);
  const { pausedAt: _over, ...recording } = whole;
  const next = { ...rest, recording, mode: 'recording', videoUntil: now } as const;
  return then(due === undefined ? applyPause(next, around) : renew(next, due, now), [
    ...gap,
    noted('resumed', now),
    { type: 'setTimer', name: 'watchdog', ms: around.watchdogMs },
    report(recording, 'Recording'),
  ]);
}
