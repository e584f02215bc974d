import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withChecksum } from '../../src/spool/checksum';
import { journalSchema } from '../../src/spool/schemas';
import { exampleSegment, exampleStart, type SpoolRig } from './spool-rig';

/** One slice as it lies in its file (src/spool/README.md, *Slices*). */
export interface SliceRecord {
  readonly start: number;
  /** Of the sealed bytes. */
  readonly contentStart: number;
  readonly end: number;
}

const MAGIC_BYTES = 8;
const HEADER_BYTES = 16;

export function recordsOf(file: Buffer): readonly SliceRecord[] {
  const records: SliceRecord[] = [];
  for (let at = MAGIC_BYTES + 4 + file.readUInt32BE(MAGIC_BYTES); at < file.length;) {
    const end = at + HEADER_BYTES + file.readUInt32BE(at + 8);
    records.push({ start: at, contentStart: at + HEADER_BYTES, end });
    at = end;
  }
  return records;
}

/** A recording of one segment that a kill left. */
export interface LeftRecording {
  readonly mediaId: string;
  readonly folder: string;
  readonly slicesPath: string;
  readonly slices: Buffer;
}

/** @param isClosed as if it were killed while it was finished: the journal says how many slices there are */
export async function leaveRecording(
  rig: SpoolRig,
  slices: readonly Uint8Array[],
  isClosed: boolean,
  mimeType = exampleSegment.mimeType,
): Promise<LeftRecording> {
  const recordings = join(rig.directory, 'recordings');
  const before = await readdir(recordings);
  const writer = await rig.spool.recordings.begin(exampleStart);
  const segment = await writer.beginSegment({ ...exampleSegment, mimeType });
  for (const slice of slices) await segment.append(slice);
  const folder = join(recordings, (await readdir(recordings)).find((name) => !before.includes(name)) ?? '');
  const name = (await readdir(folder)).find((file) => file.endsWith('.slices')) ?? '';
  if (isClosed) await editJournal(folder, (journal) => ({ ...journal, segments: journal.segments.map(closed(slices.length)) }));
  return {
    mediaId: name.replace('.slices', ''),
    folder,
    slicesPath: join(folder, name),
    slices: await readFile(join(folder, name)),
  };
}

interface JournalText {
  readonly segments: readonly { readonly mediaId: string }[];
}

/** As the program itself would write it. */
export async function editJournal(folder: string, edit: (journal: JournalText) => object): Promise<void> {
  const path = join(folder, 'journal.json');
  await writeFile(path, JSON.stringify(withChecksum(edit(journalSchema.parse(JSON.parse(await readFile(path, 'utf8')))))));
}

function closed(slices: number): (segment: object) => object {
  return (segment) => ({ ...segment, stopTime: '2026-01-05T08:00:06.000+0000', slices });
}
