import type { Timers } from './types';

interface WorkerLike {
  onmessage: (() => void) | null;
  onerror: (() => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}
interface BrowserScope {
  readonly Worker?: new (url: string) => WorkerLike;
  readonly Blob?: new (parts: readonly string[], options: { readonly type: string }) => unknown;
  readonly URL?: { createObjectURL(blob: unknown): string; revokeObjectURL(url: string): void };
}

const WORKER_SOURCE = 'onmessage = ({ data }) => setInterval(() => postMessage(0), data);';

/**
 * Browsers slow the timers of a hidden page to one a minute, which is too late for a session that ends after 60 s without a poll; those of a
 * worker they leave alone. Where a worker may not be made (a page's content security policy, Node), the page's own timer serves.
 */
export const systemTimers: Timers = {
  now: () => new Date(),
  every(ms, callback) {
    return everyByWorker(ms, callback, globalThis as unknown as BrowserScope) ?? everyByPage(ms, callback);
  },
};

function everyByPage(ms: number, callback: () => void): () => void {
  const handle = setInterval(callback, ms);
  return () => clearInterval(handle);
}

function everyByWorker(ms: number, callback: () => void, scope: BrowserScope): (() => void) | undefined {
  if (scope.Worker === undefined || scope.Blob === undefined || scope.URL === undefined) return undefined;
  const url = scope.URL.createObjectURL(new scope.Blob([WORKER_SOURCE], { type: 'text/javascript' }));
  try {
    const worker = new scope.Worker(url);
    let stop = (): void => worker.terminate();
    worker.onmessage = callback;
    worker.onerror = () => {
      worker.terminate();
      stop = everyByPage(ms, callback);
    };
    worker.postMessage(ms);
    return () => stop();
  } catch {
    return undefined; // forbidden by the page's content security policy
  } finally {
    scope.URL.revokeObjectURL(url);
  }
}
