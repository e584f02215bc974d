import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { JobStore, SpoolJob } from '../../src/spool/ports';

/** Jobs in memory, with bytes that follow from their media id. */
export class FakeJobStore implements JobStore {
  readonly jobs = new Map<string, SpoolJob>();
  readonly damagedCount = 0;
  readonly refused = undefined;
  readonly #media = new Map<string, Buffer>();

  /** Makes a job with `media`, as the spool would. */
  create(mediaId: string, media: Buffer, overrides: Partial<SpoolJob> = {}): SpoolJob {
    const job = exampleJob(mediaId, media, overrides);
    this.jobs.set(mediaId, job);
    this.#media.set(mediaId, media);
    return job;
  }

  list(): Promise<readonly SpoolJob[]> {
    return Promise.resolve([...this.jobs.values()].sort((a, b) => a.createdAt - b.createdAt));
  }

  save(job: SpoolJob): Promise<void> {
    this.jobs.set(job.mediaId, job);
    return Promise.resolve();
  }

  remove(mediaId: string): Promise<void> {
    this.jobs.delete(mediaId);
    this.#media.delete(mediaId);
    return Promise.resolve();
  }

  whenRecorded(): Promise<void> {
    return Promise.resolve();
  }

  openMedia(job: SpoolJob, offset = 0): Readable {
    const media = this.#media.get(job.mediaId) ?? Buffer.alloc(0);
    return Readable.from(pieces(media.subarray(offset)), { objectMode: false });
  }
}

function* pieces(media: Buffer): Generator<Buffer> {
  for (let at = 0; at < media.length; at += 65_536) yield media.subarray(at, at + 65_536);
}

/** A job as the spool writes it, for this media. */
export function exampleJob(mediaId: string, media: Buffer, overrides: Partial<SpoolJob> = {}): SpoolJob {
  const sha256 = createHash('sha256').update(media).digest('hex');
  const { recordingId = `recording-of-${mediaId}`, userName = 'ann' } = overrides;
  const times = { startTime: '2026-01-05T08:00:00.000+0000', stopTime: '2026-01-05T08:01:00.000+0000' };
  return {
    mediaId,
    recordingId,
    userName,
    createdAt: Date.UTC(2026, 0, 5, 8, 1, 0),
    size: media.length,
    sha256,
    mimeType: 'video/mp4',
    metadata: {
      id: recordingId,
      ...times,
      eventHistory: [],
      mediaFiles: [
        {
          mediaId,
          ...times,
          duration: '60000',
          size: String(media.length),
          type: 'video/mp4',
          sha256,
          parameters: { contact: { userName }, displays: [{ x: 0, y: 0, width: 320, height: 240 }], clientVersion: '8.5.100.00' },
        },
      ],
    },
    attempts: 0,
    ...overrides,
  };
}
