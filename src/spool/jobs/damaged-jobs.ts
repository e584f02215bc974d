import { readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import * as z from 'zod';
import { openFile } from '../../lib/held-files';
import { readJsonFile } from '../../lib/json-file';
import type { DamagedJob } from '../damaged-job';
import { listKeptSegments, readKeptSegment, findKeptSegment } from '../recordings/damaged-segments';
import { StoreError } from '../../recorder/store-error';
import { clearSize, readMedia, readMediaHead } from '../sealed/media-file';
import type { SpoolKeyVault } from '../ports';
import { unwrapRecordingKey } from '../sealed/recording-key';
import { jobSchema } from '../schemas';
import { createSealer } from '../sealed/sealer';
import type { SpoolPaths } from '../spool-paths';
import { omitUndefined } from '../../shared/omit-undefined';

/** What was put aside in `damaged/`, and what will be: looks only, so that it may be used beside a running service. */
export class DamagedJobs {
  readonly #paths: SpoolPaths;
  readonly #vault: SpoolKeyVault;

  constructor(paths: SpoolPaths, vault: SpoolKeyVault) {
    this.#paths = paths;
    this.#vault = vault;
  }

  async list(): Promise<readonly DamagedJob[]> {
    const { damaged, jobs } = this.#paths;
    const found = await Promise.all([
      ...(await sidecars(damaged)).map((name) => this.#look(damaged, name)),
      ...(await sidecars(jobs)).map((name) => this.#look(jobs, name)),
    ]);
    const all = [...found.filter((job) => job !== undefined), ...(await listKeptSegments(damaged))];
    return all.sort((a, b) => a.changedAt - b.changedAt || a.mediaId.localeCompare(b.mediaId));
  }

  /**
   * The clear video as far as it can be read: of a media file, zeros stand for what cannot; of slices, it is the container that those make
   * up which open. Throws `StoreError` `damaged` when there is nothing.
   * @param onLost told how many bytes were made zeros, each time
   */
  openMedia(mediaId: string, onLost: (bytes: number) => void = () => undefined): Readable {
    return Readable.from(this.#clearBytes(mediaId, onLost), { objectMode: false });
  }

  async #look(folder: string, name: string): Promise<DamagedJob | undefined> {
    const mediaId = basename(name, '.json');
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined); // It was uploaded or put aside meanwhile.
    if (found === undefined) return undefined;
    const reason = await whyUnreadable(path, mediaId);
    if (reason === undefined && folder === this.#paths.jobs) return undefined;
    const media = await stat(join(folder, `${mediaId}.media`)).catch(() => undefined);
    return {
      mediaId,
      damaged: reason ?? 'it was put aside, but its description can be read',
      changedAt: found.mtimeMs,
      ...omitUndefined({ size: media?.size }),
    };
  }

  async *#clearBytes(mediaId: string, onLost: (bytes: number) => void): AsyncGenerator<Buffer> {
    const kept = await findKeptSegment(this.#paths.damaged, mediaId);
    if (kept !== undefined) {
      yield* readKeptSegment(kept, this.#vault);
      return;
    }
    const file = await this.#open(mediaId);
    try {
      const opened = await readMediaHead(file, 0);
      const size = clearSize(opened, (await file.stat()).size);
      const sealer = createSealer(await unwrapRecordingKey(this.#vault, opened.head.wrappedKey));
      let lost = 0;
      const noteLost = (bytes: number): void => {
        lost += bytes;
        onLost(bytes);
      };
      yield* readMedia(file, { ...opened, size }, sealer, { from: 0, to: size, onLost: noteLost });
      if (lost === size) throw new StoreError('damaged', 'Nothing of its video can be read.');
    } finally {
      await file.close();
    }
  }

  async #open(mediaId: string): Promise<FileHandle> {
    const name = `${basename(mediaId)}.media`;
    return openFile(join(this.#paths.damaged, name), 'r')
      .catch(() => openFile(join(this.#paths.jobs, name), 'r'))
      .catch((error: unknown) => {
        throw new StoreError('damaged', 'Its media file is gone too, or cannot be opened.', error);
      });
  }
}

async function sidecars(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.json'))
    .map(({ name }) => name);
}

/** `undefined` when the sidecar can be read, or went meanwhile. */
async function whyUnreadable(path: string, mediaId: string): Promise<string | undefined> {
  try {
    const job = await readJsonFile(path, jobSchema);
    return job === undefined || job.mediaId === mediaId ? undefined : 'its description names another media file';
  } catch (error) {
    if (error instanceof SyntaxError) return 'its description is not JSON';
    if (error instanceof z.ZodError) return `its description is not valid: ${firstIssue(error)}`;
    return 'its description cannot be read';
  }
}

function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues;
  return `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`;
}
