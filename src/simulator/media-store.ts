import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { removeFile, replaceFile } from '../lib/held-files';
import { readJsonFile, writeJsonFile } from '../lib/json-file';
import type { DataCentreName } from './options';

/** A recording's media file as it lies in the storage. */
const receivedRecordingSchema = z.object({
  recordingId: z.string(),
  mediaId: z.string(),
  size: z.number(),
  sha256: z.string(),
  receivedAt: z.string(),
  /** Whose login carried it. */
  uploadedBy: z.string(),
  dataCentre: z.enum(['primary', 'peer']),
  metadata: z.record(z.string(), z.unknown()),
});
export type ReceivedRecording = z.output<typeof receivedRecordingSchema>;

export interface ReceivedMedia {
  /** Where the bytes are until `commit`. */
  readonly temporaryPath: string;
  readonly size: number;
  readonly sha256: string;
}

export interface MediaOrigin {
  readonly recordingId: string;
  readonly mediaId: string;
  readonly uploadedBy: string;
  readonly dataCentre: DataCentreName;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const ID = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

/** Could this be the name of a file here, and nothing else? */
export function isValidId(id: string): boolean {
  return ID.test(id);
}

/**
 * `<storage>/<recordingId>/<mediaId>.mp4` with `<mediaId>.json` beside it.
 *
 * INVARIANTS
 * - Ids are checked before they become part of a path.
 * - A media file counts once its JSON is there; that is written last, so nothing half-received ever counts.
 * - One media id is kept once, whoever sends it and to whichever data centre.
 */
export class MediaStore {
  readonly #directory: string;
  readonly #recordings = new Map<string, ReceivedRecording>();
  readonly #claimed = new Set<string>();

  constructor(directory: string) {
    this.#directory = resolve(directory);
  }

  /** Where uploads wait until they are whole. On the same file system as the recordings. */
  get incomingDirectory(): string {
    return join(this.#directory, '.incoming');
  }

  /** Reads what earlier runs received. */
  async open(): Promise<void> {
    await mkdir(this.incomingDirectory, { recursive: true, mode: 0o700 });
    const folders = (await readdir(this.#directory, { withFileTypes: true })).filter(
      (entry) => entry.isDirectory() && isValidId(entry.name),
    );
    const found = (await Promise.all(folders.map((folder) => this.#readFolder(folder.name)))).flat();
    found.sort((a, b) => a.receivedAt.localeCompare(b.receivedAt));
    for (const recording of found) this.#recordings.set(recording.mediaId, recording);
  }

  /** In the order they came. */
  list(): readonly ReceivedRecording[] {
    return [...this.#recordings.values()];
  }

  has(mediaId: string): boolean {
    return this.#recordings.has(mediaId) || this.#claimed.has(mediaId);
  }

  /** The path of a media file, or `undefined` when there is none of that id. */
  pathOf(mediaId: string): string | undefined {
    const recording = this.#recordings.get(mediaId);
    return recording === undefined ? undefined : join(this.#directory, recording.recordingId, `${mediaId}.mp4`);
  }

  /** Writes a stream to a temporary file, counting and hashing. Removes it and throws when the stream breaks. */
  async receive(media: Readable): Promise<ReceivedMedia> {
    const temporaryPath = join(this.incomingDirectory, randomUUID());
    const hash = createHash('sha256');
    let size = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.length;
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      await pipeline(media, measure, createWriteStream(temporaryPath, { mode: 0o600 }));
    } catch (error) {
      await removeFile(temporaryPath);
      throw error;
    }
    return { temporaryPath, size, sha256: hash.digest('hex') };
  }

  /** Makes received bytes a recording. `undefined`, and the bytes dropped, when that media id is there already. */
  async commit(media: ReceivedMedia, origin: MediaOrigin): Promise<ReceivedRecording | undefined> {
    const { recordingId, mediaId } = origin;
    if (!isValidId(recordingId) || !isValidId(mediaId)) throw new RangeError('invalid recording or media id');
    if (this.has(mediaId)) {
      await this.discard(media);
      return undefined;
    }
    this.#claimed.add(mediaId);
    try {
      const folder = join(this.#directory, recordingId);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await replaceFile(media.temporaryPath, join(folder, `${mediaId}.mp4`));
      const recording = {
        ...origin,
        size: media.size,
        sha256: media.sha256,
        receivedAt: new Date().toISOString(),
        metadata: { ...origin.metadata },
      };
      await writeJsonFile(join(folder, `${mediaId}.json`), recording);
      this.#recordings.set(mediaId, recording);
      return recording;
    } finally {
      this.#claimed.delete(mediaId);
    }
  }

  async discard(media: ReceivedMedia): Promise<void> {
    await removeFile(media.temporaryPath);
  }

  async #readFolder(name: string): Promise<readonly ReceivedRecording[]> {
    const folder = join(this.#directory, name);
    const files = new Set(await readdir(folder));
    const found: ReceivedRecording[] = [];
    for (const file of files) {
      if (!file.endsWith('.json') || !files.has(file.replace(/json$/, 'mp4'))) continue;
      const recording = await readJsonFile(join(folder, file), receivedRecordingSchema);
      if (recording !== undefined) found.push(recording);
    }
    return found;
  }
}
