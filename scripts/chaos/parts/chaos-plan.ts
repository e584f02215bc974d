import { SeededRandom } from '../../../test/simulation/random';

export type WorkName = 'start' | 'stop' | 'pause' | 'resume' | 'logout' | 'hotSeat';

export type FaultName =
  | 'killService'
  | 'killRenderer'
  | 'killGpu'
  | 'killBrowser'
  | 'freezeService'
  | 'freezeBrowser'
  | 'freezeRws'
  | 'refuseRws'
  | 'forgetSessions'
  | 'cutNetwork'
  | 'noName'
  | 'fullDisk'
  | 'readOnlyDisk'
  | 'lockKeyring'
  | 'hangKeyring';

/** Something that happens `atMs` after the round began. A fault ends after `forMs`. */
export interface ChaosStep {
  readonly name: WorkName | FaultName;
  readonly atMs: number;
  readonly forMs: number;
}

export interface ChaosPlan {
  readonly seed: number;
  readonly lengthMs: number;
  readonly pauseMode: 'black' | 'cut';
  readonly segmentMinutes: number;
  readonly steps: readonly ChaosStep[];
}

const WORK: readonly WorkName[] = ['start', 'start', 'stop', 'pause', 'resume', 'logout', 'hotSeat'];

/** What happens in the round of a seed, of the faults that can be made here. */
export function chaosPlanOf(seed: number, faults: readonly FaultName[]): ChaosPlan {
  const random = new SeededRandom(seed);
  const lengthMs = random.between(8000, 22_000);
  const settings = { pauseMode: random.pick(['black', 'cut'] as const), segmentMinutes: random.pick([60, 60, 0.1]) };
  const stepOf = (name: ChaosStep['name']): ChaosStep => ({
    name,
    atMs: random.between(300, lengthMs),
    forMs: random.between(300, random.pick([1500, 8000])),
  });
  const work = Array.from({ length: random.between(1, 5) }, () => stepOf(random.pick(WORK)));
  const struck = Array.from({ length: random.between(1, 4) }, () => stepOf(random.pick(faults)));
  const begin: ChaosStep = { name: 'start', atMs: random.between(0, 1500), forMs: 0 };
  return { seed, lengthMs, ...settings, steps: [begin, ...work, ...struck].sort((a, b) => a.atMs - b.atMs) };
}
