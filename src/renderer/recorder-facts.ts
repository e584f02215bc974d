import { formatBytes, formatElapsed } from '../shared/format';
import type { RecorderState } from '../shared/snapshot';
import type { Translator } from '../shared/translate';
import type { Fact } from './facts';

/** @param now epoch milliseconds */
export function recorderFacts(recorder: RecorderState, { text, locale }: Translator, now: number): readonly Fact[] {
  const elapsed = (since: string): Fact => ({ name: text('recorder.elapsed'), value: formatElapsed(now - Date.parse(since)) });
  switch (recorder.status) {
    case 'idle':
      return [];
    case 'failed':
      return [{ name: text('session.reason'), value: recorder.reason, isForeign: true }];
    case 'starting':
    case 'finishing':
      return [elapsed(recorder.since)];
    default:
      return [
        elapsed(recorder.since),
        { name: text('recorder.frameRate'), value: text('recorder.framesPerSecond', { count: recorder.framesPerSecond }) },
        { name: text('recorder.size'), value: formatBytes(recorder.bytes, locale) },
        {
          name: text('recorder.displays'),
          value: recorder.displays
            .map(({ width, height }) => text('recorder.display', { width: String(width), height: String(height) }))
            .join(', '),
        },
        ...(recorder.masked === undefined ? [] : [{ name: text('recorder.masked'), value: text(`recorder.masked.${recorder.masked}`) }]),
        { name: text('recorder.recordingId'), value: recorder.recordingId },
      ];
  }
}
