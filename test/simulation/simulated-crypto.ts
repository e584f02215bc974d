import { SimulatedProcess } from './simulated-process';

export * from 'node:crypto';

/** Stands for that of `node:crypto` in the simulation: follows from the seed. */
export function randomBytes(size: number): Buffer {
  const { random } = SimulatedProcess.current;
  return Buffer.from(Array.from({ length: size }, () => random.between(0, 255)));
}

export function randomUUID(): string {
  const hex = randomBytes(16).toString('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}
