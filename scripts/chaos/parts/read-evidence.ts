import { fromRwsTime } from '../../../src/shared/rws-time';
import type { Simulator } from '../../../src/simulator/create-simulator';
import type { ReceivedRecording } from '../../../src/simulator/media-store';
import { probeMedia } from '../../../test/support/media-file';
import { recordedFrames } from '../../../test/support/recorded-frames';
import type { Evidence, Film, RecorderChange } from './evidence';

interface Metadata {
  readonly eventHistory: readonly { readonly time: string; readonly event: string }[];
  readonly mediaFiles: readonly [
    { readonly startTime: string; readonly duration: string; readonly parameters: { readonly contact: { readonly userName: string } } },
  ];
}

/** Every video that RWS has, decoded frame by frame. Throws when one of them cannot be. */
export async function filmsOf({ control }: Simulator, pauseMode: Evidence['pauseMode']): Promise<readonly Film[]> {
  const films: Film[] = [];
  for (const recording of control.recordings()) films.push(await filmOf(recording, control.mediaPath(recording.mediaId) ?? '', pauseMode));
  return films;
}

async function filmOf(
  { recordingId, mediaId, metadata }: ReceivedRecording,
  file: string,
  pauseMode: Evidence['pauseMode'],
): Promise<Film> {
  const { eventHistory, mediaFiles } = metadata as unknown as Metadata;
  const [{ startTime, duration, parameters }] = mediaFiles;
  const from = fromRwsTime(startTime) ?? 0;
  const { duration: found } = await probeMedia(file);
  const frames = await recordedFrames(file);
  const events = eventHistory.map(({ time, event }) => ({ at: fromRwsTime(time) ?? 0, event }));
  const when = (at: number): number => (pauseMode === 'cut' ? withPauses(from + at, from, events) : from + at);
  return {
    recordingId,
    mediaId,
    userName: parameters.contact.userName,
    from,
    to: when(Number(duration)),
    events,
    frames: frames.map(({ at, colours: [colour = 0] }) => ({ at: when(at * 1000), colour })),
    saidMs: Number(duration),
    foundMs: found * 1000,
  };
}

/** When something was that a film without its pauses shows as if they had not been. */
export function withPauses(at: number, from: number, events: Film['events']): number {
  let moved = at;
  let pausedAt: number | undefined;
  for (const { at: eventAt, event } of [...events].sort((a, b) => a.at - b.at)) {
    if (event === 'paused' && eventAt >= from) pausedAt ??= eventAt;
    if (event !== 'resumed' || pausedAt === undefined) continue;
    if (moved > pausedAt) moved += eventAt - pausedAt;
    pausedAt = undefined;
  }
  return moved;
}

/** @param log lines of JSON; what is none is left out */
export function recorderChangesIn(log: string): readonly RecorderChange[] {
  return log
    .split('\n')
    .filter((line) => line.includes('"recorder changed"'))
    .flatMap((line) => {
      try {
        const { time, from, to, recordingId } = JSON.parse(line) as Record<string, string>;
        return [{ at: Date.parse(time ?? ''), from: from ?? '', to: to ?? '', recordingId }];
      } catch {
        return []; // torn by a kill
      }
    });
}
