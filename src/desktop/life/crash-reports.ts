import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { redactFields } from '../../lib/redact';

/**
 * Reports of crashes: JSON files in `logs/`, redacted. Chromium's own crash dumps stay off (`crashReporter` is never started):
 * a memory dump may hold a password or the picture of a screen.
 */
const REPORT_NAME = /^crash-(main-)?(\d+)\.json$/;
const MAX_REPORTS = 20;
const LOOP_WINDOW_MS = 10 * 60_000;
const MAX_RESTARTS_IN_WINDOW = 3;

/** Writes synchronously, since the process is about to end. Never throws. */
export function writeCrashReport(directory: string, now: number, report: Readonly<Record<string, unknown>>): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const content = { time: new Date(now).toISOString(), ...redactFields(report) };
    const name = report['process'] === 'main' ? `crash-main-${now}.json` : `crash-${now}.json`;
    writeFileSync(join(directory, name), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    for (const old of oldestFirst(directory, now).slice(0, -MAX_REPORTS)) rmSync(join(directory, old.name), { force: true });
  } catch {
    // There is nobody left to tell.
  }
}

/** What is dated ahead of now was written while the clock was wrong, so before. */
function oldestFirst(directory: string, now: number): ReturnType<typeof reports> {
  const all = reports(directory);
  return [...all.filter(({ time }) => time > now), ...all.filter(({ time }) => time <= now)];
}

/** When crashes were reported, oldest first: all of them, or those of the main process. */
export function crashTimes(directory: string, of: 'all' | 'main' = 'all'): readonly number[] {
  return reports(directory)
    .filter(({ isMain }) => of === 'all' || isMain)
    .map(({ time }) => time);
}

function reports(directory: string): readonly { readonly name: string; readonly time: number; readonly isMain: boolean }[] {
  try {
    return readdirSync(directory)
      .flatMap((name) => {
        const match = REPORT_NAME.exec(name);
        return match === null ? [] : [{ name, time: Number(match[2]), isMain: match[1] !== undefined }];
      })
      .sort((a, b) => a.time - b.time);
  } catch {
    return [];
  }
}

/**
 * Restart policy: again at once, but at most three times in ten minutes; then the program stays away until it is started. Times ahead of
 * now are of a clock that was wrong, and do not count.
 */
export function shouldRestart(times: readonly number[], now: number): boolean {
  return times.filter((time) => time <= now && now - time < LOOP_WINDOW_MS).length <= MAX_RESTARTS_IN_WINDOW;
}
