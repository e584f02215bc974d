import { createCipheriv, createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { JobStore, SpoolJob } from '../../src/spool/ports';
import { exampleJob } from './fake-job-store';

const PIECE_BYTES = 65_536;

/** Jobs whose bytes are made when they are read: any number of any size, and nothing of them in memory. */
export class GeneratedJobStore implements JobStore {
  readonly jobs = new Map<string, SpoolJob>();
  readonly damagedCount = 0;
  readonly refused = undefined;
  /** Called whenever so many bytes of one recording were read. */
  onRead: (job: SpoolJob, readTo: number) => void = () => undefined;

  create(mediaId: string, size: number, createdAt: number): SpoolJob {
    const hash = createHash('sha256');
    for (const piece of bytesOf(mediaId, size)) hash.update(piece);
    const sha256 = hash.digest('hex');
    const example = exampleJob(mediaId, Buffer.alloc(0), { createdAt });
    const [mediaFile] = example.metadata.mediaFiles;
    const metadata = { ...example.metadata, mediaFiles: [{ ...mediaFile, size: String(size), sha256 }] as const };
    const job: SpoolJob = { ...example, size, sha256, metadata };
    this.jobs.set(mediaId, job);
    return job;
  }

  list(): Promise<readonly SpoolJob[]> {
    return Promise.resolve([...this.jobs.values()]);
  }

  save(job: SpoolJob): Promise<void> {
    this.jobs.set(job.mediaId, job);
    return Promise.resolve();
  }

  remove(mediaId: string): Promise<void> {
    this.jobs.delete(mediaId);
    return Promise.resolve();
  }

  whenRecorded(): Promise<void> {
    return Promise.resolve();
  }

  openMedia(job: SpoolJob, offset = 0): Readable {
    return Readable.from(this.#read(job, offset), { objectMode: false });
  }

  *#read(job: SpoolJob, offset: number): Generator<Buffer> {
    let readTo = offset;
    for (const piece of bytesOf(job.mediaId, job.size, offset)) {
      yield piece;
      readTo += piece.length;
      this.onRead(job, readTo);
    }
  }
}

/** A key stream: bytes that do not repeat and follow from the media id. */
function* bytesOf(mediaId: string, size: number, offset = 0): Generator<Buffer> {
  const cipher = createCipheriv('aes-256-ctr', createHash('sha256').update(mediaId).digest(), Buffer.alloc(16));
  for (let at = 0; at < size; at += PIECE_BYTES) {
    const piece = cipher.update(Buffer.alloc(Math.min(PIECE_BYTES, size - at)));
    if (at + piece.length > offset) yield piece.subarray(Math.max(0, offset - at));
  }
}
