import { holdingTimers } from './clock';
import { withDeadline } from './deadline';

type Koffi = typeof import('koffi');
export type NativeFunction = ReturnType<ReturnType<Koffi['load']>['func']>;

const CALL_MS = 2_000;

/**
 * Functions of the system's libraries, called beside Node's own thread. A call that takes longer than 2 s rejects, and is left behind: until it
 * comes back no other one is begun, so that it holds one thread at most.
 */
export class NativeCalls {
  readonly #deadlineMs: number;
  #overdue = 0;

  /** @param deadlineMs of a call; other than 2 s for tests. */
  constructor({ deadlineMs = CALL_MS }: { readonly deadlineMs?: number } = {}) {
    this.#deadlineMs = deadlineMs;
  }

  /** @param prototype in C, as koffi reads it. Rejects where the library, the function or koffi's own binary is not there. */
  async find(library: string, prototype: string): Promise<NativeFunction> {
    const { load } = await import('koffi');
    return load(library).func(prototype);
  }

  /** @returns its number; 0 for a function without one. */
  async run(call: NativeFunction, ...args: readonly unknown[]): Promise<number> {
    if (this.#overdue > 0) throw new Error('the system has not answered an earlier question yet');
    let isLate = false;
    const done = (): void => {
      if (isLate) this.#overdue -= 1;
    };
    const tooLate = (): Error => {
      isLate = true;
      this.#overdue += 1;
      return new Error('the system did not answer in time');
    };
    return withDeadline(holdingTimers, { ms: this.#deadlineMs, tooLate }, () => runBeside(call, args).finally(done));
  }

  /** A copy of memory that a function gave the address of. */
  async read(address: bigint, bytes: number): Promise<Buffer> {
    const { view } = await import('koffi');
    return Buffer.from(Buffer.from(view(address, bytes)));
  }
}

function runBeside(call: NativeFunction, args: readonly unknown[]): Promise<number> {
  return new Promise((resolve, reject) => {
    call.async(...args, (error: unknown, result: unknown) => {
      if (error === null || error === undefined) resolve(Number(result ?? 0));
      else reject(error instanceof Error ? error : new Error('a function of the system failed'));
    });
  });
}
