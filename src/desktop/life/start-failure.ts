import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { prepareDataDirectory } from '../../config/data-directory';
import { defaultDataDirectory } from '../../config/platform-paths';
import { createLogger } from '../../lib/logger';
import { describeError } from '../../shared/errors';
import { openLogFiles } from '../log-files';

/** Registered by the installers. */
const EVENT_SOURCE = 'ScreenRecordingService';
const EVENT_ID = '100';
const DEADLINE_MS = 5000;
/** `eventcreate` takes no longer one. */
const MAX_TEXT = 8000;

export interface StartFailurePlaces {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
}

/**
 * Writes why the program did not start where an administrator finds it: the log of the default data directory, since a configuration that cannot be
 * read names no other, and on Windows the Application event log. Never throws.
 */
export async function recordStartFailure(
  error: unknown,
  places: StartFailurePlaces = { platform: process.platform, env: process.env, homeDirectory: homedir() },
): Promise<void> {
  const reason = describeError(error);
  const directory = defaultDataDirectory(places);
  try {
    await prepareDataDirectory(directory, true, places.platform);
    const files = openLogFiles(directory);
    createLogger('info', [files]).error('the program cannot start', { reason });
    await files.close();
  } catch {
    // It is said on the screen and to standard error as well.
  }
  if (places.platform === 'win32') await writeEvent(reason, places.env);
}

/** Does nothing where the source is not registered: an ordinary user may not do that. */
function writeEvent(text: string, env: StartFailurePlaces['env']): Promise<void> {
  const program = join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'eventcreate.exe');
  const args = ['/L', 'APPLICATION', '/T', 'ERROR', '/SO', EVENT_SOURCE, '/ID', EVENT_ID, '/D', text.slice(0, MAX_TEXT)];
  return new Promise((resolve) => execFile(program, args, { timeout: DEADLINE_MS, windowsHide: true }, () => resolve()));
}
