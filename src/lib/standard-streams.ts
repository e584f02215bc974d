import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { LogSink } from './logger';

const STDOUT = 1;
const STDERR = 2;

/** A log on stderr that never ends the program: what a full disk or a closed pipe does not take is lost, and the next line is tried again. */
export function standardErrorSink(): LogSink {
  return tolerantSink(process.stderr, STDERR);
}

/** A line for whoever started the program; lost like a line of the log. */
export function standardOutputSink(): LogSink {
  return tolerantSink(process.stdout, STDOUT);
}

function tolerantSink(stream: NodeJS.WriteStream, handle: number): LogSink {
  if (isFile(handle)) return { write: (line) => void attempt(() => writeSync(handle, line)) };
  stream.on('error', () => undefined);
  return { write: (line) => void attempt(() => stream.write(line)) };
}

/** Node's stream on a file is closed for good by one error. */
function isFile(handle: number): boolean {
  return attempt(() => {
    const state = fstatSync(handle);
    return state.isFile() || (state.isCharacterDevice() && !isatty(handle));
  });
}

function attempt(task: () => unknown): boolean {
  try {
    return task() === true;
  } catch {
    return false; // there is nobody left to tell
  }
}
