import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crashTimes, shouldRestart, writeCrashReport } from '../../../../src/desktop/life/crash-reports';

const MINUTE = 60_000;

describe('crash reports', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'srs-crash-'))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('hold the fault without its secrets', () => {
    writeCrashReport(directory, 1_000, { process: 'main', error: new Error('refused: Basic cGxhbnRlZDpzZWNyZXQ=') });
    const text = readFileSync(join(directory, 'crash-main-1000.json'), 'utf8');
    expect(text).toContain('refused');
    expect(text).not.toContain('cGxhbnRlZDpzZWNyZXQ');
  });

  it('keep to the last twenty', () => {
    for (let time = 1; time <= 25; time += 1) writeCrashReport(directory, time, {});
    expect(readdirSync(directory)).toHaveLength(20);
    expect(crashTimes(directory)[0]).toBe(6);
  });

  it('of the main process are told apart: only they count for its restart', () => {
    for (let time = 1; time <= 5; time += 1) writeCrashReport(directory, time, { process: time === 3 ? 'main' : 'GPU' });
    expect(crashTimes(directory)).toHaveLength(5);
    expect(crashTimes(directory, 'main')).toEqual([3]);
  });

  it('dated ahead of now were written while the clock was wrong: the first to go', () => {
    for (let time = 1; time <= 25; time += 1) writeCrashReport(directory, 1_000_000 + time, { process: 'main' });
    for (let time = 1; time <= 4; time += 1) writeCrashReport(directory, time, { process: 'main' });
    expect(readdirSync(directory)).toHaveLength(20);
    expect(crashTimes(directory).slice(0, 4)).toEqual([1, 2, 3, 4]);
    expect(shouldRestart(crashTimes(directory, 'main'), 4)).toBe(false);
  });

  it('never fail, since a crash is no time for more', () => {
    expect(() => writeCrashReport(join('/dev/null', 'logs'), 1, {})).not.toThrow();
    expect(crashTimes(join(directory, 'none'))).toEqual([]);
  });
});

it.each([
  [[], true],
  [[0, MINUTE, 2 * MINUTE], true],
  [[0, MINUTE, 2 * MINUTE, 3 * MINUTE], false],
  [[0, 2 * MINUTE, 11 * MINUTE, 12 * MINUTE, 13 * MINUTE], true],
])('after crashes at %j the program starts again: %s', (times, expected) => {
  expect(shouldRestart(times, times.at(-1) ?? 0)).toBe(expected);
});

it.each([
  ['tomorrow', 24 * 60 * MINUTE],
  ['in a moment', 1],
])('crashes dated %s do not forbid to start again', (_when, ahead) => {
  expect(shouldRestart([0, 1, 2, 3, 4].map((time) => time + MINUTE + ahead).concat(MINUTE), MINUTE)).toBe(true);
});
