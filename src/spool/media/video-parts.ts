import { cutAtBlock, findCluster, isWholeHead, walkBlocks, type ByteSource } from './ebml-walk';

/** A container some of whose bytes may be missing. */
export interface RawSource extends ByteSource {
  /** Where bytes are missing between two others; 0 when they are missing in front. */
  readonly breaks?: readonly number[];
}

/** A stretch of the video without a hole in it, as a container of its own. */
export interface VideoPart {
  /** How many holes are before it. */
  readonly holes: number;
  readonly source: ByteSource;
  readonly blocks: number;
  /** Blocks at its begin that cannot be shown, since what they build on is missing. */
  readonly skipped: number;
  /** Of the first block that is shown, and of the last, in milliseconds from the begin of the whole video. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the video lacks. Times are milliseconds from the begin of the segment. */
export interface VideoLoss {
  readonly gaps: readonly VideoGap[];
  /** When the first frame is shown that is left. */
  readonly startMs: number;
}

export interface VideoGap {
  readonly fromMs: number;
  /** Absent: to the end. */
  readonly toMs?: number;
}

/**
 * The video as far as it can be shown: behind a hole it goes on with the next cluster that has a key frame. Empty when there is no
 * whole block, or when what describes the video is missing.
 */
export async function videoParts(raw: RawSource): Promise<readonly VideoPart[]> {
  const { breaks = [] } = raw;
  const first = breaks[0];
  if (first === undefined) return [await partOf(raw, 0)].filter(isShown);
  const headEnd = (await findCluster(cut(raw, first), 0)) ?? first;
  if (!(await isWholeHead(raw, headEnd))) return [];
  const parts = [await partOf(cut(raw, first), 0)];
  for (const [index, from] of breaks.entries()) {
    const to = breaks[index + 1] ?? raw.size;
    const cluster = await findCluster(cut(raw, to), from);
    if (cluster !== undefined) parts.push(await partOf(spliced(raw, headEnd, cluster, to), index + 1));
  }
  return parts.filter(isShown);
}

/** @param holes in all of the video; behind the last one nothing may be shown */
export function videoLoss(parts: readonly VideoPart[], holes: number, isEndLost: boolean): VideoLoss {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) return { gaps: [{ fromMs: 0 }], startMs: 0 };
  const beginMs = first.holes === 0 ? first.fromMs : 0;
  const gaps: VideoGap[] = first.holes === 0 ? [] : [{ fromMs: 0, toMs: first.fromMs }];
  for (const [index, { fromMs }] of parts.slice(1).entries()) {
    gaps.push({ fromMs: (parts[index]?.toMs ?? 0) - beginMs, toMs: fromMs - beginMs });
  }
  if (isEndLost || last.holes !== holes) gaps.push({ fromMs: last.toMs - beginMs });
  return { gaps, startMs: first.holes === 0 ? 0 : first.fromMs };
}

async function partOf(source: ByteSource, holes: number): Promise<VideoPart> {
  const walked = await walkBlocks(source);
  const { blocks, firstMs, lastMs, firstKey } = walked;
  const whole = { source: cutAtBlock(source, walked), holes, blocks, toMs: lastMs };
  if (holes === 0) return { ...whole, skipped: 0, fromMs: firstMs };
  return { ...whole, skipped: firstKey?.blocksBefore ?? blocks, fromMs: firstKey?.ms ?? lastMs };
}

function isShown({ blocks, skipped }: VideoPart): boolean {
  return blocks > skipped;
}

function cut(source: ByteSource, size: number): ByteSource {
  return { size, read: (start, end) => source.read(start, Math.min(end, size)) };
}

/** `[0, headEnd)` and behind it `[from, to)`. */
function spliced(source: ByteSource, headEnd: number, from: number, to: number): ByteSource {
  const shift = from - headEnd;
  return {
    size: to - shift,
    async read(start, end) {
      const head = start < headEnd ? await source.read(start, Math.min(end, headEnd)) : new Uint8Array();
      if (end <= headEnd) return head;
      const rest = await source.read(Math.max(start, headEnd) + shift, Math.min(end + shift, to));
      return Buffer.concat([head, rest]);
    },
  };
}
