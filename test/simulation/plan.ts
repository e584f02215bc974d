import { SeededRandom } from './random';

export type StepName =
  | 'start'
  | 'stop'
  | 'pause'
  | 'resume'
  | 'logout'
  | 'hotSeat'
  | 'weather'
  | 'sessionEnds'
  | 'clock'
  | 'sleep'
  | 'disk'
  | 'keychain'
  | 'captureEnds'
  | 'captureSilent'
  | 'captureBroken'
  | 'displays'
  | 'kill'
  | 'powerCut'
  | 'restart'
  | 'unlock';

/** One thing that happens, so many milliseconds after the one before; `choice` in `[0, 1)` says how, `ms` how long. */
export interface Step {
  readonly name: StepName;
  readonly afterMs: number;
  readonly ms: number;
  readonly choice: number;
}

const WORK: readonly StepName[] = ['start', 'start', 'start', 'stop', 'stop', 'pause', 'pause', 'resume', 'resume', 'logout', 'hotSeat'];
const FAULTS: readonly StepName[] = [
  'weather',
  'weather',
  'weather',
  'sessionEnds',
  'clock',
  'sleep',
  'disk',
  'keychain',
  'captureEnds',
  'captureSilent',
  'captureBroken',
  'displays',
  'kill',
  'powerCut',
  'restart',
  'unlock',
];

export function isFault({ name }: Step): boolean {
  return FAULTS.includes(name);
}

/** What happens in the world of a seed. */
export function planOf(seed: number): readonly Step[] {
  const random = new SeededRandom(seed);
  const begin: Step = { name: 'start', afterMs: random.between(500, 5000), ms: 0, choice: 0 };
  const count = random.between(3, 14);
  const faultShare = random.pick([0, 0.3, 0.5, 0.7]);
  return [begin, ...Array.from({ length: count }, () => stepOf(random, faultShare))];
}

function stepOf(random: SeededRandom, faultShare: number): Step {
  const name = random.pick(random.chance(faultShare) ? FAULTS : WORK);
  return { name, afterMs: random.between(1, random.pick([300, 3000, 12_000])), ms: random.between(200, 40_000), choice: random.next() };
}
