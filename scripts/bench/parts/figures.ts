import { writeFileSync } from 'node:fs';

/** `SRS_BENCH_SHORT=1`: only whether it runs; its figures mean nothing. */
export const isShort = process.env['SRS_BENCH_SHORT'] === '1';

/** A length that a variable sets. @param short in the short form */
export function length(variable: string, usual: number, short: number): number {
  return Number(process.env[variable] ?? (isShort ? short : usual));
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** What it is measured against, in the same run and unit. */
  readonly yardstick?: { readonly name: string; readonly value: number };
  /** Of the ratio to the yardstick; of the value itself where there is none. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
}

const figures: Figure[] = [];

/** Prints a figure, and keeps it for `writeFigures`. */
export function note(figure: Figure): void {
  figures.push(figure);
  process.stdout.write(`  ${describe(figure)}\n`);
}

/** Into the file that `scripts/bench.mjs` names. */
function writeFigures(): void {
  const file = process.env['SRS_BENCH_FIGURES'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(figures));
}

function describe({ name, unit, value, yardstick, goal }: Figure): string {
  const ratio = yardstick === undefined || yardstick.value === 0 ? '' : `: ratio ${show(value / yardstick.value)}`;
  const beside = yardstick === undefined ? '' : `; ${yardstick.name} ${show(yardstick.value)} ${unit}${ratio}`;
  const wanted = goal === undefined ? '' : ` (goal: ${'atMost' in goal ? `at most ${goal.atMost}` : `at least ${goal.atLeast}`})`;
  return `${name}: ${show(value)} ${unit}${beside}${wanted}`;
}

function show(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export function median(values: readonly number[]): number {
  return at(values, 0.5);
}

/** @param share 0.99 for p99 */
export function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Runs a benchmark to its end, whatever it left open. */
export function runBenchmark(main: () => Promise<void>): void {
  main().then(
    () => {
      writeFigures();
      process.exit(0);
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
}
