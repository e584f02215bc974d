import { app } from 'electron';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, type CommandTable } from '../cli/program';
import { endHelpersOf } from './life/end-helpers';
import { EXIT_FAILED } from '../shared/exit-codes';

/** Chromium's platform without a display, and only what ends it: without a bus every service it looks for is an error. */
const QUIET_AND_HEADLESS = ['--ozone-platform=headless', '--disable-gpu', '--log-level=3'];
const PROFILE_SWITCH = 'user-data-dir';

/** Answers an administrator's command and ends with its exit code: over ssh too, and with nothing left behind. Starts no tray. */
export function runCommand(commands: CommandTable, words: readonly string[]): void {
  // Chromium wants a folder, and would take the tray's.
  if (app.commandLine.hasSwitch(PROFILE_SWITCH)) return void answer(commands, words);
  const profile = mkdtempSync(join(tmpdir(), 'screen-recording-service-command-'));
  if (process.platform === 'linux') return app.exit(runWithoutDisplay(profile));
  app.setPath('userData', profile);
  app.on('quit', () => rmSync(profile, { recursive: true, force: true }));
  void answer(commands, words);
}

async function answer(commands: CommandTable, words: readonly string[]): Promise<void> {
  const exitCode = await runProgram(commands, words);
  process.stdout.write('', () => app.exit(exitCode));
}

/**
 * In a second process. Chromium chooses its display before our first line runs, and ends with a fault where there is none; and it writes into
 * its folder until it has ended.
 */
function runWithoutDisplay(profile: string): number {
  try {
    const switches = [...QUIET_AND_HEADLESS, `--${PROFILE_SWITCH}=${profile}`];
    const { status, error } = spawnSync(process.execPath, [...switches, ...process.argv.slice(1)], { stdio: 'inherit' });
    if (error !== undefined) process.stderr.write(`srs: ${process.execPath} could not be started: ${error.message}\n`);
    return status ?? EXIT_FAILED;
  } finally {
    endHelpersOf(profile);
    rmSync(profile, { recursive: true, force: true });
  }
}
