import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../../lib/logger';
import { describeError } from '../../shared/errors';
import { makeMediaFile, type MediaFileOutcome, type MediaFileRequest } from './make-media-file';

/** Makes slices a media file off the main thread; see `makeMediaFile`. */
export type MakeMediaFile = (request: MediaFileRequest) => Promise<MediaFileOutcome>;

type WorkerAnswer =
  | { readonly finished: MediaFileOutcome; readonly failure?: undefined }
  | { readonly failure: Pick<NodeJS.ErrnoException, 'message' | 'code' | 'errno' | 'syscall'> };

/** The thread ended without an answer: memory ran out, or the remuxer crashed. */
class WorkerDied extends Error {}

/** @param workerPath `dist/remux-worker.js`; where it is absent (tests from sources) the work is done in this thread */
export function createMediaWorker(workerPath: string | undefined, log: Logger): MakeMediaFile {
  if (workerPath === undefined || !existsSync(workerPath)) return makeMediaFile;
  return async (request) => {
    try {
      return await inWorker(workerPath, request);
    } catch (error) {
      if (!(error instanceof WorkerDied)) throw error;
      log.error('the remux worker died: keeping the raw material', { reason: error.message });
      const raw = await makeMediaFile({ ...request, mode: 'raw' });
      return raw.media === undefined ? raw : { ...raw, media: { ...raw.media, remuxFailure: error.message } };
    }
  };
}

function inWorker(workerPath: string, request: MediaFileRequest): Promise<MediaFileOutcome> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerPath, { workerData: request });
    worker.once('message', (answer: WorkerAnswer) => {
      if (answer.failure === undefined) resolve(answer.finished);
      else reject(Object.assign(new Error(answer.failure.message), answer.failure));
    });
    worker.once('error', (error) => reject(new WorkerDied(describeError(error), { cause: error })));
    worker.once('exit', () => reject(new WorkerDied('it ended without an answer')));
  });
}
