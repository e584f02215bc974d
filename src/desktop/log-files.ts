import { mkdirSync } from 'node:fs';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import { dataPaths } from '../config/data-paths';
import type { LogSink } from '../lib/logger';

export interface LogFiles extends LogSink {
  readonly directory: string;
  /** Whether lines go into the file now. */
  readonly isWritable: boolean;
  /** Resolves when everything written is in the file, or cannot be. */
  close(): Promise<void>;
}

export interface LogFilesOptions {
  /** Milliseconds that only ever rise. */
  readonly now?: () => number;
}

const LOG_NAME = 'screen-recording-service';
const MAX_FILE_SIZE = '5M';
const MAX_FILES = 10;
/** After an error the file is left alone for so long. */
const REOPEN_AFTER_MS = 5_000;

/**
 * The program's log below the data directory: `logs/screen-recording-service.log` and the ten before it, owner-only, at most 55 MB.
 * Never throws: a full disk must not end a recording. Lines are lost while the file takes none; then it goes on, and says how many.
 */
export function openLogFiles(dataDirectory: string, { now = () => performance.now() }: LogFilesOptions = {}): LogFiles {
  return new ReopenedLog(dataPaths(dataDirectory).logs, now);
}

class ReopenedLog implements LogFiles {
  readonly directory: string;
  readonly #now: () => number;
  #stream: RotatingFileStream | undefined;
  #failedAt = -Infinity;
  #lost = 0;

  constructor(directory: string, now: () => number) {
    this.directory = directory;
    this.#now = now;
    this.#open();
  }

  get isWritable(): boolean {
    return this.#stream !== undefined;
  }

  write(line: string): void {
    if (this.#stream === undefined && this.#now() - this.#failedAt >= REOPEN_AFTER_MS) this.#open();
    if (this.#stream === undefined) {
      this.#lost += 1;
      return;
    }
    this.#write(this.#stream, line);
  }

  close(): Promise<void> {
    const stream = this.#stream;
    return stream === undefined ? Promise.resolve() : new Promise((resolve) => stream.once('close', resolve).end(() => resolve()));
  }

  /** A line counts as lost until it is in the file. */
  #write(stream: RotatingFileStream, line: string): void {
    this.#lost += 1;
    stream.write(line, (error) => {
      if (!error) this.#lost -= 1;
    });
  }

  #open(): void {
    try {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      const stream = createStream((index) => (typeof index === 'number' ? `${LOG_NAME}.${index}.log` : `${LOG_NAME}.log`), {
        path: this.directory,
        size: MAX_FILE_SIZE,
        rotate: MAX_FILES,
        mode: 0o600,
      });
      stream.on('error', () => this.#fail(stream));
      this.#stream = stream;
      if (this.#lost > 0) this.#tellLost(stream);
    } catch {
      this.#fail(undefined);
    }
  }

  #fail(stream: RotatingFileStream | undefined): void {
    if (stream !== this.#stream) return;
    this.#stream = undefined;
    this.#failedAt = this.#now();
  }

  /** On a line of its own: the last one may have been torn. */
  #tellLost(stream: RotatingFileStream): void {
    const lost = this.#lost;
    const line = JSON.stringify({ level: 'warn', time: new Date().toISOString(), lost, msg: 'the log could not be written for a while' });
    stream.write(`\n${line}\n`, (error) => {
      if (!error) this.#lost -= lost;
    });
  }
}
