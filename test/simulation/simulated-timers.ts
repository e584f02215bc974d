import { SimulatedProcess } from './simulated-process';

/** Stands for `node:timers/promises` in the simulation: time is the simulated one. */
export function setTimeout(ms: number): Promise<void> {
  return new Promise((resolve) => SimulatedProcess.current.after(ms, resolve));
}
