import { readdirSync, readFileSync } from 'node:fs';

const PATIENCE_MS = 2_000;
const POLL_MS = 10;

/**
 * Ends the helper processes of a Chromium that has ended: on Linux they outlive it for a moment, and may still write into its profile.
 * Returns when there are none. Waits by blocking: for a process that only waits for that Chromium.
 */
export function endHelpersOf(profile: string): void {
  const deadline = Date.now() + PATIENCE_MS;
  for (let helpers = find(profile); helpers.length > 0 && Date.now() < deadline; helpers = find(profile)) {
    for (const pid of helpers) kill(pid);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
}

function find(profile: string): readonly number[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return numbers.filter((pid) => commandLine(pid).some((word) => word.endsWith(`=${profile}`))).map(Number);
}

function commandLine(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it has ended
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended, or is not ours.
  }
}
