export interface WorkerParent {
  post(answer: object): void;
}

/** Inside a worker: the way to the process that started it, by Electron's port in a utility process, by Node's channel otherwise. The worker ends with it. */
export function workerParent(onMessage: (message: unknown) => void): WorkerParent {
  const { parentPort } = process as unknown as { readonly parentPort?: ElectronPort };
  if (parentPort !== undefined) {
    parentPort.on('message', ({ data }) => onMessage(data));
    parentPort.on('close', endWorker);
    return { post: (answer) => parentPort.postMessage(answer) };
  }
  process.on('message', onMessage);
  process.once('disconnect', endWorker);
  return { post: (answer) => void process.send?.(answer) };
}

interface ElectronPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: unknown): void;
}

/** Not `process.exit`: that waits for threads that may wait for ever. */
export function endWorker(): void {
  process.kill(process.pid, 'SIGKILL');
}
