import { holdingTimers } from '../lib/clock';
import { withDeadline } from '../lib/deadline';

/** One thing the doctor looked at. */
export interface StepResult {
  readonly name: string;
  /** `skipped`: does not apply here, or an earlier step's failure makes it pointless. */
  readonly outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  /** One plain sentence: what was found. Holds no secret. */
  readonly text: string;
  /** What to do; there for warnings and failures. */
  readonly remedy?: string;
}

export const ok = (name: string, text: string): StepResult => ({ name, outcome: 'ok', text });
export const skipped = (name: string, text: string): StepResult => ({ name, outcome: 'skipped', text });
export const warning = (name: string, text: string, remedy: string): StepResult => ({ name, outcome: 'warning', text, remedy });
export const failed = (name: string, text: string, remedy: string): StepResult => ({ name, outcome: 'failed', text, remedy });

/** Something to look at that has its name before its result. */
export interface Step {
  readonly name: string;
  readonly look: () => Promise<StepResult>;
}

const STEP_LIMIT_MS = 10_000;

/** Rejects when the task takes longer than a step may; what it goes on doing then is nobody's business. */
export function withinStepLimit<T>(task: Promise<T>): Promise<T> {
  const tooLate = (): Error => new Error(`not finished within ${STEP_LIMIT_MS / 1000} s`);
  return withDeadline(holdingTimers, { ms: STEP_LIMIT_MS, tooLate }, () => task);
}
