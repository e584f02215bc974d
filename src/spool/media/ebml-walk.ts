import { omitUndefined } from '../../shared/omit-undefined';

/**
 * Walks the elements of a Matroska or WebM file as far as they are whole. A recording may end anywhere (a kill, a power cut), and the
 * remuxer refuses a file whose last block is torn, so it is shown only what comes before.
 */
export interface ByteSource {
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

export interface WalkResult {
  /** End of the last whole block, or 0 when there is none. */
  readonly wholeEnd: number;
  readonly blocks: number;
  /** Of the first and last whole block, in milliseconds. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** The first block that can be shown without those before it. */
  readonly firstKey?: { readonly blocksBefore: number; readonly ms: number };
  /** Size fields of elements that say they end behind `wholeEnd`. */
  readonly cutSizes: readonly SizeField[];
}

export interface SizeField {
  readonly position: number;
  readonly length: number;
}

const ID = {
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  cluster: 0x1f43b675,
  clusterTimestamp: 0xe7,
  checksum: 0xbf,
  blockGroup: 0xa0,
  block: 0xa1,
  referenceBlock: 0xfb,
  simpleBlock: 0xa3,
} as const;
/** Elements whose children are walked; everything else is stepped over. A block group counts when it is whole. */
const ENTERED: readonly number[] = [ID.segment, ID.info, ID.cluster];
const MAX_HEADER_BYTES = 12;
/** Track number (up to 8 bytes), 2 bytes of relative time, flags. */
const BLOCK_HEAD_BYTES = 11;
const SIMPLE_KEY_FLAG = 0x80;
const CLUSTER_ID = Buffer.from([0x1f, 0x43, 0xb6, 0x75]);
/** Headers of a cluster, of its checksum and of its time. */
const CLUSTER_HEAD_BYTES = 4 * MAX_HEADER_BYTES;
const SEARCH_BYTES = 1024 * 1024;
const DEFAULT_SCALE_NS = 1_000_000;

interface ElementHeader {
  readonly id: number;
  readonly sizeField: SizeField;
  readonly contentStart: number;
  /** `undefined`: unknown, as live encoders write it. */
  readonly length: number | undefined;
}

export async function walkBlocks(source: ByteSource): Promise<WalkResult> {
  const result = { wholeEnd: 0, blocks: 0, firstMs: 0, lastMs: 0 };
  let firstKey: WalkResult['firstKey'];
  const entered: ElementHeader[] = [];
  let scaleNs = DEFAULT_SCALE_NS;
  let clusterTime = 0;
  let position = 0;
  while (position < source.size) {
    const header = await readHeader(source, position);
    if (header === undefined) break;
    if (ENTERED.includes(header.id)) {
      entered.push(header);
      position = header.contentStart;
      continue;
    }
    const end = endOf(header);
    if (end > source.size) break;
    if (header.id === ID.timestampScale) scaleNs = await readUnsigned(source, header.contentStart, end);
    if (header.id === ID.clusterTimestamp) clusterTime = await readUnsigned(source, header.contentStart, end);
    if (header.id === ID.simpleBlock || header.id === ID.blockGroup) {
      const block = await readBlock(source, header, end);
      const ms = ((clusterTime + block.ticks) * scaleNs) / 1e6;
      if (block.isKey) firstKey ??= { blocksBefore: result.blocks, ms };
      if (result.blocks === 0) result.firstMs = ms;
      result.lastMs = Math.max(result.lastMs, ms);
      result.blocks += 1;
      result.wholeEnd = end;
    }
    position = end;
  }
  const isCut = (header: ElementHeader): boolean => endOf(header) > result.wholeEnd && header.length !== undefined;
  return { ...result, ...omitUndefined({ firstKey }), cutSizes: entered.filter(isCut).map(({ sizeField }) => sizeField) };
}

/**
 * What there is of the file, made whole: it ends with the last whole block, and elements that were to end later say that they end there.
 * The remuxer would leave out a cluster that is cut otherwise.
 */
export function cutAtBlock(source: ByteSource, { wholeEnd, cutSizes }: WalkResult): ByteSource {
  return {
    size: wholeEnd,
    async read(start, end) {
      const bytes = await source.read(start, end);
      const touched = cutSizes.filter(({ position, length }) => position < end && position + length > start);
      if (touched.length === 0) return bytes;
      const patched = Uint8Array.from(bytes);
      for (const { position, length } of touched) {
        for (let index = 0; index < length; index += 1) {
          const at = position + index - start;
          if (at >= 0 && at < patched.length) patched[at] = sizeByte(wholeEnd - position - length, length, index);
        }
      }
      return patched;
    },
  };
}

/** One byte of a size as a variable-length integer of a given length. */
function sizeByte(size: number, length: number, index: number): number {
  const byte = Math.floor(size / 2 ** (8 * (length - 1 - index))) & 0xff;
  return index === 0 ? byte | (0x80 >> (length - 1)) : byte;
}

function endOf({ contentStart, length }: ElementHeader): number {
  return contentStart + (length ?? Infinity);
}

interface BlockHead {
  /** Relative to its cluster. */
  readonly ticks: number;
  readonly isKey: boolean;
}

async function readBlock(source: ByteSource, header: ElementHeader, end: number): Promise<BlockHead> {
  if (header.id === ID.simpleBlock) {
    const { ticks, flags } = await blockHead(source, header.contentStart, end);
    return { ticks, isKey: (flags & SIMPLE_KEY_FLAG) !== 0 };
  }
  let block: BlockHead = { ticks: 0, isKey: true };
  for (let position = header.contentStart; position < end;) {
    const child = await readHeader(source, position);
    if (child?.length === undefined) break;
    if (child.id === ID.block) block = { ...block, ticks: (await blockHead(source, child.contentStart, end)).ticks };
    if (child.id === ID.referenceBlock) block = { ...block, isKey: false };
    position = child.contentStart + child.length;
  }
  return block;
}

async function blockHead(source: ByteSource, start: number, end: number): Promise<{ ticks: number; flags: number }> {
  const head = await view(source, start, Math.min(end, start + BLOCK_HEAD_BYTES));
  const track = head.byteLength === 0 ? 0 : vintLength(head.getUint8(0));
  if (head.byteLength < track + 3) return { ticks: 0, flags: 0 };
  return { ticks: head.getInt16(track), flags: head.getUint8(track + 2) };
}

/** Where the first cluster begins at or behind `from`: found by its bytes, for behind a hole elements do not lead to each other. */
export async function findCluster(source: ByteSource, from: number): Promise<number | undefined> {
  for (let at = from; at < source.size; at += SEARCH_BYTES - CLUSTER_HEAD_BYTES) {
    const bytes = Buffer.from(await source.read(at, Math.min(source.size, at + SEARCH_BYTES)));
    for (let hit = bytes.indexOf(CLUSTER_ID); hit !== -1; hit = bytes.indexOf(CLUSTER_ID, hit + 1)) {
      if (await isCluster(source, at + hit)) return at + hit;
    }
  }
  return undefined;
}

/** Its time comes first, or right behind a checksum, in every cluster that encoders write. */
async function isCluster(source: ByteSource, position: number): Promise<boolean> {
  const cluster = await readHeader(source, position);
  if (cluster?.id !== ID.cluster) return false;
  const first = await readHeader(source, cluster.contentStart);
  if (first?.id !== ID.checksum) return first?.id === ID.clusterTimestamp;
  return (await readHeader(source, endOf(first)))?.id === ID.clusterTimestamp;
}

/** Do the elements before `end` lead right to it? Then all that describes the video is there. */
export async function isWholeHead(source: ByteSource, end: number): Promise<boolean> {
  let position = 0;
  while (position < end) {
    const header = await readHeader(source, position);
    if (header === undefined) return false;
    position = header.id === ID.segment ? header.contentStart : endOf(header);
  }
  return position === end && end > 0;
}

async function readHeader(source: ByteSource, position: number): Promise<ElementHeader | undefined> {
  const bytes = await view(source, position, Math.min(source.size, position + MAX_HEADER_BYTES));
  if (bytes.byteLength < 2) return undefined;
  const idLength = vintLength(bytes.getUint8(0));
  if (idLength > 4 || bytes.byteLength <= idLength) return undefined;
  const sizeLength = vintLength(bytes.getUint8(idLength));
  if (sizeLength > 8 || bytes.byteLength < idLength + sizeLength) return undefined;
  return {
    id: unsigned(bytes, 0, idLength),
    sizeField: { position: position + idLength, length: sizeLength },
    contentStart: position + idLength + sizeLength,
    length: vintValue(bytes, idLength, sizeLength),
  };
}

/** How many bytes a variable-length integer takes, from its first byte; 9 when it is none. */
function vintLength(first: number): number {
  return Math.clz32(first) - 23;
}

/** `undefined` when all value bits are set: an unknown size. */
function vintValue(bytes: DataView, start: number, length: number): number | undefined {
  const bits: readonly number[] = Array.from(
    { length },
    (_, index) => bytes.getUint8(start + index) & (index === 0 ? 0xff >> length : 0xff),
  );
  if (bits.every((value, index) => value === (index === 0 ? 0xff >> length : 0xff))) return undefined;
  return bits.reduce((value, byte) => value * 256 + byte, 0);
}

async function readUnsigned(source: ByteSource, start: number, end: number): Promise<number> {
  const bytes = await view(source, start, Math.min(end, start + 8));
  return unsigned(bytes, 0, bytes.byteLength);
}

/** Big-endian; exact up to 2^53, and no file here is larger. */
function unsigned(bytes: DataView, start: number, length: number): number {
  let value = 0;
  for (let index = 0; index < length; index += 1) value = value * 256 + bytes.getUint8(start + index);
  return value;
}

async function view(source: ByteSource, start: number, end: number): Promise<DataView> {
  const bytes = await source.read(start, end);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
