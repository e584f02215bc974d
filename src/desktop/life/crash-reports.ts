import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { redactFields } from '../../lib/redact';

/**
 * Reports of crashes: JSON files in `logs/`, redacted. Chromium's own crash dumps stay off (`crashReporter` is never started):
 * a memory dump may hold a password or the picture of a screen.
 */
const REPORT_NAME = /^crash-(\d+)\.json$/;
const MAX_REPORTS = 20;
const LOOP_WINDOW_MS = 10 * 60_000;
const MAX_RESTARTS_IN_WINDOW = 3;

/** Writes synchronously, since the process is about to end. Never throws. */
export function writeCrashReport(directory: string, now: number, report: Readonly<Record<string, unknown>>): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const content = { time: new Date(now).toISOString(), ...redactFields(report) };
    writeFileSync(join(directory, `crash-${now}.json`), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    for (const old of crashTimes(directory).slice(0, -MAX_REPORTS)) rmSync(join(directory, `crash-${old}.json`), { force: true });
  } catch {
    // There is nobody left to tell.
  }
}

/** When crashes were reported, oldest first. */
export function crashTimes(directory: string): readonly number[] {
  try {
    return readdirSync(directory)
      .flatMap((name) => REPORT_NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

/** Restart policy: again at once, but at most three times in ten minutes; then the program stays away until it is started. */
export function shouldRestart(times: readonly number[], now: number): boolean {
  return times.filter((time) => now - time < LOOP_WINDOW_MS).length <= MAX_RESTARTS_IN_WINDOW;
}
