import { fromRwsTime } from '../../src/shared/rws-time';
import type { Commanded } from './commanded';
import { PICTURE, type Span } from './simulated-capture';
import type { StoredMedia } from './simulated-rws';

/** What a moment may be off: a slice, a first frame, a stop. */
const MOMENT_MS = 2500;
/** The time until a silent encoder is given up, and a moment. */
const GIVEN_UP_MS = 6000;
const SLICE = new RegExp(`\\|${PICTURE}:(\\d+):(\\d+):(shown|black)\\|`, 'g');

interface Slice {
  readonly from: number;
  readonly to: number;
  readonly isShown: boolean;
}

/** What RWS and the history were told of a recording beside its files. */
export interface Told {
  /** That it failed, or that its end is missing. */
  readonly isToldOver: boolean;
  readonly isPauseReported: boolean;
}

/** Each commanded second is in a file or in a gap that says so, and nothing else is in them. */
export function judgeRecording(recording: Commanded, files: readonly StoredMedia[], told: Told): readonly string[] {
  const slices = files.flatMap(slicesOf).sort((a, b) => a.from - b.from);
  return [
    ...holesOf(recording, slices)
      .filter((hole) => !isTold(hole, recording, files, told))
      .map((hole) => `${recording.id} lacks ${seconds(hole, recording)} and nothing says so`),
    ...slices.filter((slice) => isSecret(slice, recording)).map((slice) => `${recording.id} shows a pause: ${seconds(slice, recording)}`),
    ...slices
      .filter((slice) => isOutside(slice, recording))
      .map((slice) => `${recording.id} shows what is not its: ${seconds(slice, recording)}`),
    ...files.filter(({ metadata }) => metadata.mediaFiles[0].parameters.contact.userName !== recording.userName).map(() => 'a wrong agent'),
  ];
}

/** On a disk that never refused anything, what was given longer before a kill than a moment is in a file, whatever else is told. */
export function judgeGiven(
  { id, from, to = from, keptUntil = Infinity }: Commanded,
  given: readonly Span[],
  files: readonly StoredMedia[],
): readonly string[] {
  const slices = files.flatMap(slicesOf);
  const own = given.filter((span) => span.from >= from + MOMENT_MS && span.to <= Math.min(to, keptUntil) - MOMENT_MS);
  const lost = own.filter((span) => !slices.some((slice) => slice.from <= span.from && slice.to >= span.to));
  return lost.length === 0 ? [] : [`${id} lacks video that was on the disk`];
}

/** No moment is in two files. */
export function judgeTwice(files: readonly StoredMedia[]): readonly string[] {
  const slices = files.flatMap(slicesOf).sort((a, b) => a.from - b.from);
  return slices.filter(({ from }, index) => from < (slices[index - 1]?.to ?? 0)).map(({ from }) => `a moment is uploaded twice: ${from}`);
}

function slicesOf({ media }: StoredMedia): readonly Slice[] {
  return [...media.toString('latin1').matchAll(SLICE)].map(([, from, to, how]) => ({
    from: Number(from),
    to: Number(to),
    isShown: how === 'shown',
  }));
}

function holesOf({ from, to = from }: Commanded, slices: readonly Slice[]): readonly Span[] {
  const holes: Span[] = [];
  let at = from;
  for (const slice of [...slices, { from: to, to }]) {
    if (slice.from - at > MOMENT_MS) addHole(holes, { from: at, to: slice.from });
    at = Math.max(at, slice.to);
  }
  return holes;
}

/** What an encoder gives when it is given up for silent, between two holes, makes them no less one. */
function addHole(holes: Span[], hole: Span): void {
  const last = holes.at(-1);
  if (last !== undefined && hole.from - last.to <= GIVEN_UP_MS) holes.splice(-1, 1, { from: last.from, to: hole.to });
  else holes.push(hole);
}

function isTold(hole: Span, recording: Commanded, files: readonly StoredMedia[], { isToldOver, isPauseReported }: Told): boolean {
  const { to = 0, keptUntil, ahead } = recording;
  if (isToldOver && hole.to >= to - MOMENT_MS) return true;
  if (isToldOver && files.length === 0) return true;
  const events = files.flatMap(({ metadata }) => metadata.eventHistory);
  const near = (span: Span): boolean =>
    events.some(({ time, event }) => {
      const at = (fromRwsTime(time) ?? 0) - ahead;
      return (event === 'gap' || event === 'paused') && at >= span.from - MOMENT_MS && at <= span.to + MOMENT_MS;
    });
  if (near(hole)) return true;
  const pause = recording.pauses.find((span) => hole.from >= span.from - MOMENT_MS && hole.to <= (span.to ?? to) + MOMENT_MS);
  if (pause !== undefined && (isPauseReported || near({ from: pause.from, to: hole.to }))) return true;
  if (keptUntil === undefined) return false;
  // The stamp of what is broken off is the file's. What was given longer ago than a moment is on the disk.
  return events.some(({ event }) => event === 'gap') && hole.from >= keptUntil - MOMENT_MS;
}

function isSecret(slice: Slice, { pauses }: Commanded): boolean {
  return slice.isShown && pauses.some(({ from, to = slice.to }) => slice.from >= from + 1000 && slice.to <= to);
}

function isOutside(slice: Span, { from, to = from }: Commanded): boolean {
  return slice.from < from - 10 || slice.to > to + MOMENT_MS;
}

function seconds({ from, to }: Span, recording: Commanded): string {
  const text = (at: number): string => ((at - recording.from) / 1000).toFixed(3);
  return `second ${text(from)} to ${text(to)}`;
}
