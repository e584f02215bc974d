import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeFolder, replaceFile } from '../../lib/held-files';
import { readJsonFile, writeJsonFile } from '../../lib/json-file';
import { Serial } from '../../lib/serial';
import type { RecordingEvent, RecordingStart, SegmentStart } from '../../shared/recording';
import { withChecksum } from '../checksum';
import { noneIfMissing } from '../disk-errors';
import type { WrappedKey } from '../sealed/recording-key';
import { journalSchema, type Journal, type JournalSegment } from '../schemas';
import type { SpoolPaths } from '../spool-paths';

/**
 * The journal entry of one recording in progress. INVARIANT: what `value` says is on disk when a change's promise resolves; it goes only
 * when every segment has become a job.
 */
export class JournalFile {
  readonly folder: string;
  readonly #paths: SpoolPaths;
  readonly #serial = new Serial();
  #value: Journal;

  private constructor(paths: SpoolPaths, folder: string, value: Journal) {
    this.#paths = paths;
    this.folder = folder;
    this.#value = value;
  }

  static async create(paths: SpoolPaths, folder: string, start: RecordingStart, wrappedKey: WrappedKey): Promise<JournalFile> {
    await mkdir(dirname(paths.journal(folder)), { mode: 0o700 });
    const journal = new JournalFile(paths, folder, {
      version: 1,
      start: { ...start, ...(start.parameters === undefined ? {} : { parameters: { ...start.parameters } }) },
      wrappedKey,
      segments: [],
      events: [],
    });
    await journal.#change((value) => value);
    return journal;
  }

  /** Killed before the first entry was whole, so before anything was captured: the folder goes. `false` when there is more in it. */
  static async removeUnbegun(paths: SpoolPaths, folder: string): Promise<boolean> {
    const directory = dirname(paths.journal(folder));
    const names = await readdir(directory);
    if (!names.every((name) => name.endsWith('.tmp'))) return false;
    await removeFolder(directory);
    return true;
  }

  /** `undefined` when there is no journal in the folder. Throws when it cannot be read. */
  static async read(paths: SpoolPaths, folder: string): Promise<JournalFile | undefined> {
    const value = await readJsonFile(paths.journal(folder), journalSchema);
    return value === undefined ? undefined : new JournalFile(paths, folder, value);
  }

  static async folders(paths: SpoolPaths): Promise<readonly string[]> {
    const entries = await readdir(paths.recordings, { withFileTypes: true }).catch(noneIfMissing);
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  }

  get value(): Journal {
    return this.#value;
  }

  addSegment(mediaId: string, start: SegmentStart): Promise<void> {
    const segment: JournalSegment = { mediaId, start: { ...start, displays: [...start.displays] } };
    return this.#change((value) => ({ ...value, segments: [...value.segments, segment] }));
  }

  stopSegment(mediaId: string, stopTime: string, slices: number): Promise<void> {
    return this.#changeSegment(mediaId, { stopTime, slices });
  }

  /** With what the video lacks, said once: finishing may be tried again. */
  noteDamage(mediaId: string, gaps: readonly RecordingEvent[]): Promise<void> {
    return this.#change((value) => {
      const isNoted = value.segments.some((segment) => segment.mediaId === mediaId && segment.isDamaged === true);
      return isNoted ? value : { ...withSegment(value, mediaId, { isDamaged: true }), events: [...value.events, ...gaps] };
    });
  }

  /** @param isJob whether it became one */
  removeSegment(mediaId: string, isJob: boolean): Promise<void> {
    return this.#change((value) => ({
      ...value,
      ...(isJob ? { hasJob: true } : {}),
      segments: value.segments.filter((segment) => segment.mediaId !== mediaId),
      done: [...(value.done ?? []).filter((id) => id !== mediaId), mediaId],
    }));
  }

  note(event: RecordingEvent): Promise<void> {
    return this.#change((value) => ({ ...value, events: [...value.events, event] }), true);
  }

  close(stopTime: string): Promise<void> {
    return this.#change((value) => ({ ...value, stopTime }));
  }

  /** Slices of which it knows nothing, neither as a segment nor as one that is done with: it is not the last that was written. */
  async hasUnknownSlices(): Promise<boolean> {
    const known = [...this.#value.segments.map(({ mediaId }) => mediaId), ...(this.#value.done ?? [])];
    const names = known.map((mediaId) => basename(this.#paths.slices(this.folder, mediaId)));
    const found = await readdir(dirname(this.#paths.journal(this.folder)));
    return found.some((name) => name.endsWith('.slices') && !names.includes(name));
  }

  /** The folder with all that is in it; safe to call again. */
  async remove(): Promise<void> {
    await removeFolder(dirname(this.#paths.journal(this.folder)));
  }

  static async putAside(paths: SpoolPaths, folder: string): Promise<void> {
    await replaceFile(dirname(paths.journal(folder)), join(paths.damaged, folder));
  }

  #changeSegment(mediaId: string, change: Partial<JournalSegment>): Promise<void> {
    return this.#change((value) => withSegment(value, mediaId, change));
  }

  /** @param isKept also when the disk refuses: the next change writes it too, and the recording's job is made of it */
  #change(change: (value: Journal) => Journal, isKept = false): Promise<void> {
    return this.#serial.run(async () => {
      const next = change(this.#value);
      if (isKept) this.#value = next;
      await writeJsonFile(this.#paths.journal(this.folder), withChecksum(next));
      this.#value = next;
    });
  }
}

function withSegment(value: Journal, mediaId: string, change: Partial<JournalSegment>): Journal {
  return { ...value, segments: value.segments.map((segment) => (segment.mediaId === mediaId ? { ...segment, ...change } : segment)) };
}
