import { parentPort, workerData } from 'node:worker_threads';
import { finishMedia, type FinishRequest } from './finish-media';

/** The program of the worker thread, `dist/remux-worker.js`: one request in, one answer out, then it ends. */
void finishMedia(workerData as FinishRequest).then(
  (finished) => parentPort?.postMessage({ finished }),
  (error: unknown) => {
    const { message, code } = error as NodeJS.ErrnoException;
    parentPort?.postMessage({ failure: { message, code } });
  },
);
