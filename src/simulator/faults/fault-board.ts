import { randomUUID } from 'node:crypto';
import type { Random } from '../../lib/backoff';
import type { DataCentreName } from '../options';
import { faultSchema, type Fault, type FaultAction, type FaultRequest, type FaultTarget } from './fault';

/** What a fault is matched against. */
export interface Occasion {
  readonly targets: readonly FaultTarget[];
  readonly path: string;
  readonly method: string;
  readonly userName: string | undefined;
  readonly dataCentre: DataCentreName;
}

interface Entry {
  fault: Fault;
  passed: number;
}

/** The faults that are set. The first that matches a request strikes it; a request is struck by one fault at most. */
export class FaultBoard {
  readonly #entries: Entry[] = [];
  readonly #onChange: () => void;
  readonly #random: Random;

  constructor(onChange: () => void = () => undefined, random: Random = Math.random) {
    this.#onChange = onChange;
    this.#random = random;
  }

  list(): readonly Fault[] {
    return this.#entries.map(({ fault }) => fault);
  }

  /** Gives the new fault's id. Throws `ZodError` when it is none. */
  add(request: FaultRequest): string {
    const id = randomUUID();
    this.#entries.push({ fault: { ...faultSchema.parse(request), id, struck: 0 }, passed: 0 });
    this.#onChange();
    return id;
  }

  /** `false` when there is none of that id (any more). */
  remove(id: string): boolean {
    const index = this.#entries.findIndex(({ fault }) => fault.id === id);
    if (index < 0) return false;
    this.#entries.splice(index, 1);
    this.#onChange();
    return true;
  }

  clear(): void {
    this.#entries.length = 0;
    this.#onChange();
  }

  /** What is to happen to this request, if anything. Counts. */
  strike(occasion: Occasion): FaultAction | undefined {
    const entry = this.#entries.find((candidate) => matches(candidate.fault, occasion) && this.#isDue(candidate));
    if (entry === undefined) return undefined;
    entry.fault = { ...entry.fault, struck: entry.fault.struck + 1 };
    const { id, times, struck, action } = entry.fault;
    if (times !== undefined && struck >= times) this.remove(id);
    else this.#onChange();
    return action;
  }

  #isDue(entry: Entry): boolean {
    if (entry.passed < entry.fault.after) {
      entry.passed += 1;
      return false;
    }
    return entry.fault.probability >= 1 || this.#random() < entry.fault.probability;
  }
}

function matches(fault: Fault, occasion: Occasion): boolean {
  return (
    (fault.target === 'any' || occasion.targets.includes(fault.target)) &&
    (fault.path === undefined || occasion.path.startsWith(fault.path)) &&
    (fault.method === undefined || fault.method.toUpperCase() === occasion.method) &&
    (fault.userName === undefined || fault.userName === occasion.userName) &&
    (fault.dataCentre === undefined || fault.dataCentre === occasion.dataCentre)
  );
}
