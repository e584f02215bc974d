import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openFile } from '../../lib/held-files';
import { readJsonFile } from '../../lib/json-file';
import type { DamagedJob } from '../damaged-job';
import { StoreError } from '../../recorder/store-error';
import type { SpoolKeyVault } from '../ports';
import { RawContainer } from '../sealed/raw-container';
import { journalSchema, type Journal } from '../schemas';
import { createSealer } from '../sealed/sealer';
import { unwrapSegmentKey } from '../sealed/segment-key';

/** Slices of one segment in a folder of `damaged/`. */
export interface KeptSegment {
  readonly folder: string;
  readonly mediaId: string;
  readonly path: string;
}

const PIECE_BYTES = 1024 * 1024;
const ENDING = '.slices';

/** Of every folder in `damaged/`: one for each file of slices, or for the folder when there is none. */
export async function listKeptSegments(damaged: string): Promise<readonly DamagedJob[]> {
  const found: DamagedJob[] = [];
  for (const folder of await foldersIn(damaged)) found.push(...(await lookInto(folder)));
  return found;
}

async function lookInto(folder: string): Promise<readonly DamagedJob[]> {
  const { mtimeMs: changedAt } = await stat(folder);
  const segments = await segmentsIn(folder);
  const hasJournal = (await readJournal(folder)) !== undefined;
  const reason = (mediaId: string): string => {
    if (!hasJournal) return 'its journal cannot be read';
    return mediaId === basename(folder) ? 'parts of it cannot be read; what could be shown was uploaded' : 'it was put aside';
  };
  if (segments.length === 0) {
    const damaged = hasJournal ? 'its video is gone' : 'its journal cannot be read';
    return [{ mediaId: basename(folder), damaged, changedAt }];
  }
  return Promise.all(
    segments.map(async ({ mediaId, path }) => ({ mediaId, damaged: reason(mediaId), changedAt, size: (await stat(path)).size })),
  );
}

export async function findKeptSegment(damaged: string, mediaId: string): Promise<KeptSegment | undefined> {
  for (const folder of await foldersIn(damaged)) {
    const kept = (await segmentsIn(folder)).find((segment) => segment.mediaId === mediaId);
    if (kept !== undefined) return kept;
  }
  return undefined;
}

/** The container that its good slices make up. */
export async function* readKeptSegment({ folder, mediaId, path }: KeptSegment, vault: SpoolKeyVault): AsyncGenerator<Buffer> {
  const { key } = await unwrapSegmentKey(vault, (await readJournal(folder))?.wrappedKey, path);
  const file = await openFile(path, 'r');
  try {
    const raw = await RawContainer.open(file, createSealer(key), mediaId);
    if (raw.size === 0) throw new StoreError('damaged', 'Nothing of its video can be read.');
    for (let at = 0; at < raw.size; at += PIECE_BYTES) yield await raw.read(at, Math.min(raw.size, at + PIECE_BYTES));
  } finally {
    await file.close();
  }
}

async function foldersIn(damaged: string): Promise<readonly string[]> {
  const entries = await readdir(damaged, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(damaged, name));
}

async function segmentsIn(folder: string): Promise<readonly KeptSegment[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ENDING));
  return names.map((name) => ({ folder, mediaId: basename(name, ENDING), path: join(folder, name) }));
}

/** `undefined` when it cannot be read, for whatever reason: the slices may do without it. */
function readJournal(folder: string): Promise<Journal | undefined> {
  return readJsonFile(join(folder, 'journal.json'), journalSchema).catch(() => undefined);
}
