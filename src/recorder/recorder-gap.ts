import { noted } from './recorder-effects';
import type { ActiveRecording, RecorderEffect } from './recorder-state';

/** A warm display gives its first frame within 300 ms; what takes longer than this is a gap of the video. */
export const MOMENT_MS = 1000;
export const NOT_READY = 'The capture was not ready yet';

/** Remembers since when the video lacks what it should show; the first cause stays. */
export function missingSince(recording: ActiveRecording, since: number, reason: string): ActiveRecording {
  return recording.missing === undefined ? { ...recording, missing: { since, reason, isNoted: false } } : recording;
}

/** A break that is one, however short: noted when it begins. */
export function breakOff(recording: ActiveRecording, since: number, reason: string): readonly [ActiveRecording, readonly RecorderEffect[]] {
  const from = recording.missing?.since ?? since;
  const effects = recording.missing?.isNoted === true ? [] : [noted('gap', from, reason)];
  return [{ ...recording, missing: { since: from, reason, isNoted: true } }, effects];
}

/** The video goes on, or need not: notes the time between, unless that is done or it was a moment. */
export function closeGap(recording: ActiveRecording, until: number): readonly [ActiveRecording, readonly RecorderEffect[]] {
  const { missing: _over, ...whole } = recording;
  return [whole, unnotedGap(recording, until)];
}

export function unnotedGap(recording: ActiveRecording, until: number): readonly RecorderEffect[] {
  const { missing } = recording;
  if (missing === undefined || missing.isNoted || !hasGap(recording, until)) return [];
  return [noted('gap', missing.since, missing.reason)];
}

export function hasGap({ missing }: ActiveRecording, until: number): boolean {
  return missing !== undefined && until - missing.since > MOMENT_MS;
}
