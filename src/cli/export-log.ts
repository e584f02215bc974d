import { appendFile, mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { dataPaths } from '../config/data-paths';
import { createLogger } from '../lib/logger';
import { AppError, describeError } from '../shared/errors';

const LOG_NAME = 'recordings-export.log';

/**
 * Leaves a line in the log folder: who unsealed which recording, and when (docs/compliance.md). Written before anything is unsealed.
 * Throws `AppError` `spool` when it cannot be written: nothing is exported unnoticed.
 */
export async function logExport(dataDirectory: string, mediaId: string): Promise<void> {
  const lines: string[] = [];
  createLogger('info', [{ write: (line) => void lines.push(line) }])
    .child('export')
    .info('a recording is unsealed for export', { mediaId, userName: userInfo().username });
  const directory = dataPaths(dataDirectory).logs;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await appendFile(join(directory, LOG_NAME), lines.join(''), { mode: 0o600 });
  } catch (cause) {
    throw new AppError('spool', `Nothing was exported: the line about it could not be written to ${directory}: ${describeError(cause)}`, {
      cause,
    });
  }
}
