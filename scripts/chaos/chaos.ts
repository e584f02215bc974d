// `npm run chaos [-- --rounds N] [--seed FIRST] [--faults a,b] [--keep]`: the built service between real parts, with faults (docs/reliability.md).
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chaosPlanOf, type ChaosPlan, type FaultName } from './parts/chaos-plan';
import type { Evidence } from './parts/evidence';
import { ChaosRound } from './parts/chaos-round';
import { ChaosWorld } from './parts/chaos-world';
import { commandedIn } from './parts/commanded';
import { endOnSignal } from './parts/end-on-signal';
import { FAULTS, faultsFor } from './parts/faults';
import { judge } from './parts/judge';

const isRoot = process.getuid?.() === 0;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const options = { rounds: { type: 'string' }, seed: { type: 'string' }, faults: { type: 'string' }, keep: { type: 'boolean' } } as const;
  const { values } = parseArgs({ options });
  const first = numberOf('seed', values.seed ?? String(Math.floor(Date.now() / 1000) % 1_000_000));
  const rounds = numberOf('rounds', values.rounds ?? '1');
  const faults = chosenFaults(values.faults);
  if (!isRoot) say('not root: the network is not cut, names are not forgotten, the disk is not made read-only');
  let failures = 0;
  for (let seed = first; seed < first + rounds; seed += 1)
    if (!(await runRound(chaosPlanOf(seed, faults), values.keep ?? false))) failures += 1;
  say(`${rounds - failures} of ${rounds} rounds kept every promise`);
  if (failures > 0) process.exitCode = 1;
}

/** `true` when every promise was kept. */
async function runRound(plan: ChaosPlan, isKept: boolean): Promise<boolean> {
  const begun = Date.now();
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(`${((Date.now() - begun) / 1000).toFixed(2).padStart(6)} ${line}`);
  const world = await ChaosWorld.create({ isRoot, pauseMode: plan.pauseMode, segmentMinutes: plan.segmentMinutes });
  const stayAlive = endOnSignal(world);
  let violations: readonly string[];
  let evidence: Evidence | undefined;
  try {
    const found = await new ChaosRound(world, plan, note).run();
    evidence = found.evidence;
    violations = [...found.violations, ...judge(found.evidence)];
  } catch (error) {
    violations = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  } finally {
    await world.dispose();
    stayAlive();
  }
  const verdict = violations.length === 0 ? 'ok    ' : 'FAILED';
  const names = plan.steps.map(({ name }) => name).join(' ');
  say(`${verdict} seed ${plan.seed} in ${secondsSince(begun)} s, ${extentOf(evidence)}: ${names}`);
  if (violations.length === 0 && !isKept) {
    await rm(world.directory, { recursive: true, force: true });
    return true;
  }
  await writeFile(join(world.directory, 'service.log'), world.log());
  await writeFile(join(world.directory, 'evidence.json'), JSON.stringify({ plan, ...evidence }, undefined, 1));
  for (const line of [...lines, ...violations.map((violation) => `!! ${violation}`)]) say(`  ${line}`);
  say(`  kept: ${world.directory}`);
  return violations.length === 0;
}

function secondsSince(begun: number): string {
  return ((Date.now() - begun) / 1000).toFixed(0);
}

/** What a round that found nothing had to go by. */
function extentOf(evidence: Evidence | undefined): string {
  if (evidence === undefined) return 'broken off';
  const commanded = commandedIn(evidence).reduce((sum, { from, to }) => sum + to - from, 0);
  const frames = evidence.films.reduce((sum, film) => sum + film.frames.length, 0);
  return `${(commanded / 1000).toFixed(0)} s commanded, ${evidence.films.length} films, ${frames} frames`;
}

function chosenFaults(names: string | undefined): readonly FaultName[] {
  const possible = faultsFor(isRoot);
  if (names === undefined) return possible;
  const unknown = names.split(',').filter((name) => !(name in FAULTS));
  if (unknown.length > 0) throw new Error(`--faults: there is no ${unknown.join(', ')}; there are ${Object.keys(FAULTS).join(', ')}`);
  const chosen = possible.filter((name) => names.split(',').includes(name));
  if (chosen.length === 0) throw new Error(`--faults: ${names} can be carried out as root only`);
  return chosen;
}

function numberOf(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`--${name}: ${text} is no whole number above 0`);
}

main().catch((error: unknown) => {
  process.stderr.write(`chaos: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
