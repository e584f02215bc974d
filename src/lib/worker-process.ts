/** A program of the product in a process of its own. Messages are kept from everybody else: no arguments, no environment, no files. */
export interface WorkerProcess<Request> {
  send(request: Request): void;
  /** Ends it at once, whatever its threads wait for. */
  kill(): void;
  /** While busy, it keeps this process alive. */
  setBusy(isBusy: boolean): void;
}

export interface WorkerListener {
  /** As it came, to be parsed. */
  onMessage(message: unknown): void;
  /** It ended, or could not be started. Called once. */
  onEnd(reason: string): void;
}

/** How a host starts a worker: Node forks it, Electron makes it a utility process. */
export type StartWorker<Request> = (listener: WorkerListener) => Promise<WorkerProcess<Request>>;
