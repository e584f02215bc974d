import { omitUndefined } from '../shared/omit-undefined';
import type { RecordingEvent, StateReport } from '../shared/recording';
import type { RaisedProblem } from '../shared/problem-catalogue';
import { toRwsTime } from '../shared/rws-time';
import type { ActiveRecording, Failure, RecorderMachineState, RecorderEffect, TimerName, RecorderStep } from './recorder-state';

/** The states that have a recording to go on with. */
export type Active = Extract<RecorderMachineState, { readonly recording: ActiveRecording }>;

export function isActive(state: RecorderMachineState): state is Active {
  return 'recording' in state;
}

export function stay(state: RecorderMachineState, ...effects: readonly RecorderEffect[]): RecorderStep {
  return { state, effects };
}

export function then(next: RecorderStep, before: readonly RecorderEffect[]): RecorderStep {
  return { state: next.state, effects: [...before, ...next.effects] };
}

export function noted(event: RecordingEvent['event'], at: number, reason?: string): RecorderEffect {
  return { type: 'note', event: { time: toRwsTime(at), event, ...omitUndefined({ reason }) } };
}

export function clearTimers(...names: readonly TimerName[]): RecorderEffect {
  return { type: 'clearTimers', names };
}

export function raise({ problem }: Pick<Failure, 'problem'>): RecorderEffect {
  return { type: 'raise', problem };
}

/** Shown while it is tried again. */
export function raiseMeanwhile(failure: Failure): RecorderEffect {
  return raise({ problem: meanwhile(failure) });
}

export function report(recording: ActiveRecording, state: StateReport['state']): RecorderEffect {
  const { id, start } = recording;
  return { type: 'report', report: { recordingId: id, state, startTime: start.startTime }, agent: start.agent };
}

/** The same problem while the capture is tried again. */
export function meanwhile({ problem }: Failure): RaisedProblem {
  return problem.code === 'captureFailed' ? { code: problem.code, facts: { ...problem.facts, isTriedAgain: true } } : problem;
}
