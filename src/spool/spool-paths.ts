import { join } from 'node:path';
import { makeFolder } from '../lib/make-folder';

/** Where what lies in the spool's folder (src/spool/README.md, *Files*). Names are our own ids, never RWS's. */
export interface SpoolPaths {
  readonly root: string;
  /** One folder a recording in progress. */
  readonly recordings: string;
  /** Finished media and sidecars. */
  readonly jobs: string;
  /** What could not be read: kept for a person to look at. */
  readonly damaged: string;
  journal(folder: string): string;
  slices(folder: string, mediaId: string): string;
  media(mediaId: string): string;
  sidecar(mediaId: string): string;
  /** Where slices are kept that do not all open, beside a copy of their journal. */
  damagedSegment(mediaId: string): string;
  /** What a sidecar is called once RWS has its recording, until both are removed. */
  uploaded(mediaId: string): string;
}

export function createSpoolPaths(root: string): SpoolPaths {
  const recordings = join(root, 'recordings');
  const jobs = join(root, 'jobs');
  return {
    root,
    recordings,
    jobs,
    damaged: join(root, 'damaged'),
    journal: (folder) => join(recordings, folder, 'journal.json'),
    slices: (folder, mediaId) => join(recordings, folder, `${mediaId}.slices`),
    media: (mediaId) => join(jobs, `${mediaId}.media`),
    sidecar: (mediaId) => join(jobs, `${mediaId}.json`),
    damagedSegment: (mediaId) => join(root, 'damaged', mediaId),
    uploaded: (mediaId) => join(jobs, `${mediaId}.uploaded`),
  };
}

/** Owner-only, safe to call again. */
export async function makeSpoolFolders(paths: SpoolPaths): Promise<void> {
  for (const folder of [paths.root, paths.recordings, paths.jobs, paths.damaged]) await makeFolder(folder);
}
