import { parentPort, workerData } from 'node:worker_threads';
import { makeMediaFile, type MediaFileRequest } from './make-media-file';

/** The program of the worker thread, `dist/remux-worker.js`: one request in, one answer out, then it ends. */
void makeMediaFile(workerData as MediaFileRequest).then(
  (finished) => parentPort?.postMessage({ finished }),
  (error: unknown) => {
    // All that tells a disk that refuses from damage.
    const { message, code, errno, syscall } = error as NodeJS.ErrnoException;
    parentPort?.postMessage({ failure: { message, code, errno, syscall } });
  },
);
