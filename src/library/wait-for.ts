import type { Unsubscribe } from '../shared/emitter';

const DEFAULT_TIMEOUT_MS = 30_000;

export interface Watched {
  /** For the error's text. */
  readonly what: string;
  readonly timeoutMs: number | undefined;
  readonly subscribe: (listener: () => void) => Unsubscribe;
  /** For the error's text: what was there at the end. */
  readonly describe: () => string;
}

/** Probes now and with each change; throws when the time is over, and what the probe throws. */
export function waitFor<T>(
  probe: () => T | undefined | null | false,
  { what, timeoutMs = DEFAULT_TIMEOUT_MS, subscribe, describe }: Watched,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      unsubscribe();
      settle();
    };
    const look = (): void => {
      try {
        const value = probe();
        if (value !== undefined && value !== null && value !== false) end(() => resolve(value));
      } catch (error) {
        end(() => reject(error as Error));
      }
    };
    const unsubscribe = subscribe(look);
    const timer = setTimeout(() => end(() => reject(new Error(`Waited ${timeoutMs} ms for ${what} in vain. ${describe()}`))), timeoutMs);
    look();
  });
}
