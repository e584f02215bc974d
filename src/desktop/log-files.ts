import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createStream } from 'rotating-file-stream';
import type { LogSink } from '../lib/logger';

export interface LogFiles extends LogSink {
  readonly directory: string;
  /** Resolves when everything written is in the file. */
  close(): Promise<void>;
}

const LOG_NAME = 'screen-recording-service';
const MAX_FILE_SIZE = '5M';
const MAX_FILES = 10;

/** The program's log below the data directory: `logs/screen-recording-service.log` and the ten before it, owner-only, at most 55 MB. */
export function openLogFiles(dataDirectory: string): LogFiles {
  const directory = join(dataDirectory, 'logs');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const stream = createStream((index) => (typeof index === 'number' ? `${LOG_NAME}.${index}.log` : `${LOG_NAME}.log`), {
    path: directory,
    size: MAX_FILE_SIZE,
    rotate: MAX_FILES,
    mode: 0o600,
  });
  // A full disk must not end a recording: the log is given up instead.
  stream.on('error', () => undefined);
  return {
    directory,
    write: (line) => void stream.write(line),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}
