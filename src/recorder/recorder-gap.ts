import { noted } from './recorder-effects';
import type { ActiveRecording, RecorderEffect } from './recorder-state';

/** A warm display gives its first frame within 300 ms; what takes longer than this is a gap of the film. */
const MOMENT_MS = 1000;
export const NOT_READY = 'The capture was not ready yet';

/** Remembers since when the film lacks what it should show; the first cause stays. */
export function unfilmedSince(recording: ActiveRecording, since: number, reason: string): ActiveRecording {
  return recording.unfilmed === undefined ? { ...recording, unfilmed: { since, reason, isNoted: false } } : recording;
}

/** A break that is one, however short: noted when it begins. */
export function breakOff(recording: ActiveRecording, since: number, reason: string): readonly [ActiveRecording, readonly RecorderEffect[]] {
  const from = recording.unfilmed?.since ?? since;
  const effects = recording.unfilmed?.isNoted === true ? [] : [noted('gap', from, reason)];
  return [{ ...recording, unfilmed: { since: from, reason, isNoted: true } }, effects];
}

/** The film goes on, or need not: notes the time between, unless that is done or it was a moment. */
export function closeGap(recording: ActiveRecording, until: number): readonly [ActiveRecording, readonly RecorderEffect[]] {
  const { unfilmed: _over, ...filmed } = recording;
  return [filmed, unnotedGap(recording, until)];
}

export function unnotedGap(recording: ActiveRecording, until: number): readonly RecorderEffect[] {
  const { unfilmed } = recording;
  if (unfilmed === undefined || unfilmed.isNoted || !hasGap(recording, until)) return [];
  return [noted('gap', unfilmed.since, unfilmed.reason)];
}

export function hasGap({ unfilmed }: ActiveRecording, until: number): boolean {
  return unfilmed !== undefined && until - unfilmed.since > MOMENT_MS;
}
