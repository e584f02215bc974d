import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFile, replaceFile } from '../../lib/held-files';
import { writeJsonFile } from '../../lib/json-file';
import { withChecksum } from '../checksum';
import { isThere } from '../disk-errors';
import type { JournalFile } from './journal-file';
import type { JournalSegment } from '../schemas';
import type { SpoolPaths } from '../spool-paths';

/**
 * Ends a segment that is a job, or never will be one: its slices go, or are kept in `damaged/` when they do not all open, and then its
 * journal entry. Safe to call again after a kill.
 * @returns whether they are kept
 */
export async function leaveSegment(paths: SpoolPaths, journal: JournalFile, { mediaId }: JournalSegment, isJob: boolean): Promise<boolean> {
  const isKept = journal.value.segments.some((segment) => segment.mediaId === mediaId && segment.isDamaged === true);
  const slices = paths.slices(journal.folder, mediaId);
  if (isKept) await keepSlices(paths, journal, mediaId, slices);
  await journal.removeSegment(mediaId, isJob);
  await removeFile(slices).catch(() => undefined); // Then they go with the folder, when the recording ends.
  return isKept;
}

/** The journal's copy says whose they are and holds their key. */
async function keepSlices(paths: SpoolPaths, journal: JournalFile, mediaId: string, slices: string): Promise<void> {
  const folder = paths.damagedSegment(mediaId);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeJsonFile(join(folder, 'journal.json'), withChecksum(journal.value));
  if (await isThere(slices)) await replaceFile(slices, join(folder, `${mediaId}.slices`));
}
