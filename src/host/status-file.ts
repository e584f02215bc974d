import { join } from 'node:path';
import type { Clock, Timer } from '../lib/clock';
import { PublishedFile } from '../lib/published-file';
import type { SideFiles } from '../lib/side-files';
import type { Unsubscribe } from '../shared/emitter';
import type { Snapshot } from '../shared/snapshot';

/** Polls of a desktop and the progress of an upload change the snapshot often: the disk sees the last of them. */
const LEAST_INTERVAL_MS = 2_000;
const NAME = 'status.json';

export interface StatusFileDeps {
  readonly dataDirectory: string;
  readonly clock: Pick<Clock, 'after' | 'steady'>;
  readonly sideFiles: Pick<SideFiles, 'keep' | 'drop'>;
  readonly source: { snapshot(): Snapshot; onChange(listener: () => void): Unsubscribe };
}

/**
 * `status.json` in the data directory: what `GET /status` says, and which process says it, for monitoring agents that run as an administrator or
 * as SYSTEM. There while the service runs; after a crash its `pid` is of no process.
 */
export class StatusFile {
  readonly #deps: StatusFileDeps;
  readonly #file: PublishedFile;
  #unsubscribe: Unsubscribe | undefined;
  #timer: Timer | undefined;
  #writtenAt = -Infinity;
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: StatusFileDeps) {
    this.#deps = deps;
    this.#file = new PublishedFile(join(deps.dataDirectory, NAME));
  }

  /** Resolves when it has been written, or will be tried again. */
  async start(): Promise<void> {
    this.#unsubscribe = this.#deps.source.onChange(() => this.#changed());
    await this.#write();
  }

  /** Removes the file. Safe in any state. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#timer?.cancel();
    this.#deps.sideFiles.drop(NAME);
    await this.#writing;
    await this.#file.withdraw();
  }

  #changed(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#writtenAt + LEAST_INTERVAL_MS - this.#deps.clock.steady());
    this.#timer = this.#deps.clock.after(wait, () => {
      this.#timer = undefined;
      this.#writing = this.#write();
    });
  }

  #write(): Promise<void> {
    this.#writtenAt = this.#deps.clock.steady();
    return this.#deps.sideFiles.keep(NAME, () => {
      const status = { pid: process.pid, ...this.#deps.source.snapshot() };
      return this.#file.write(`${JSON.stringify(status, null, 2)}\n`);
    });
  }
}
