import { isFault, planOf, type Step } from './plan';
import { REGRESSIONS } from './regressions';
import { World } from './world';

interface Outcome {
  readonly violations: readonly string[];
  readonly log: readonly string[];
}

async function live(seed: number, plan: readonly Step[]): Promise<Outcome> {
  const world = new World(seed);
  const violations = await world.run(plan);
  return { violations, log: world.log };
}

/** Leaves out every step without which the same is violated: faults first, then work. */
async function shrink(seed: number, plan: readonly Step[], violation: string): Promise<readonly Step[]> {
  let least = plan;
  for (const wanted of [isFault, (step: Step) => !isFault(step)]) {
    for (const step of least.filter(wanted)) {
      const fewer = least.filter((other) => other !== step);
      const { violations } = await live(seed, fewer);
      if (violations.some((found) => kindOf(found) === kindOf(violation))) least = fewer;
    }
  }
  return least;
}

function kindOf(violation: string): string {
  return violation.replace(/\d+/g, '#');
}

function numberAfter(name: string, fallback: number): number {
  const at = process.argv.indexOf(name);
  if (at < 0) return fallback;
  const value = Number(process.argv[at + 1]);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  process.stderr.write(`simulate: ${name} is ${String(process.argv[at + 1])}; allowed: a whole number from 0 on\n`);
  return process.exit(2);
}

async function report(seed: number, [first = ''] = [] as readonly string[]): Promise<void> {
  const plan = await shrink(seed, planOf(seed), first);
  const { violations, log } = await live(seed, plan);
  process.stdout.write(`seed ${seed}, ${plan.length} steps left of ${planOf(seed).length}:\n`);
  for (const line of [...log, ...violations.map((violation) => `VIOLATED: ${violation}`)]) process.stdout.write(`  ${line}\n`);
}

function* seedsFrom(first: number, count: number): Generator<number> {
  if (first === 1) yield* REGRESSIONS;
  for (let seed = first; seed < first + count; seed += 1) yield seed;
}

async function main(): Promise<void> {
  const only = numberAfter('--seed', -1);
  const first = only < 0 ? 1 : only;
  const count = numberAfter('--seeds', only < 0 ? 500 : 1);
  const most = numberAfter('--failures', 1);
  const startedAt = performance.now();
  let failed = 0;
  let ran = 0;
  for (const seed of seedsFrom(first, count)) {
    if (failed >= most) break;
    ran += 1;
    const { violations, log } = await live(seed, planOf(seed));
    if (process.argv.includes('--log')) process.stdout.write(`${log.join('\n')}\n`);
    if (violations.length === 0) continue;
    failed += 1;
    await report(seed, violations);
  }
  const took = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${ran} seeds from ${first} in ${took} s: ${failed === 0 ? 'nothing violated' : `${failed} violated`}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
