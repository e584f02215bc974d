import { holdingTimers } from '../lib/clock';
import { withDeadline } from '../lib/deadline';
import { describeError } from '../shared/errors';

/** One thing the doctor looked at. */
export interface StepResult {
  readonly name: string;
  /** `skipped`: does not apply here, or follows from a failure. */
  readonly outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  /** One plain sentence: what was found. Holds no secret. */
  readonly text: string;
  /** What to do; there for warnings and failures. */
  readonly remedy?: string;
  /** The name of the failed step that makes this one pointless. */
  readonly followsFrom?: string;
}

export const ok = (name: string, text: string): StepResult => ({ name, outcome: 'ok', text });
export const skipped = (name: string, text: string): StepResult => ({ name, outcome: 'skipped', text });
export const warning = (name: string, text: string, remedy: string): StepResult => ({ name, outcome: 'warning', text, remedy });
export const failed = (name: string, text: string, remedy: string): StepResult => ({ name, outcome: 'failed', text, remedy });
export const following = (name: string, cause: string): StepResult => ({
  ...skipped(name, `Not looked at: this follows from “${cause}”.`),
  followsFrom: cause,
});

/** Something to look at that has its name before its result. */
export interface Step {
  readonly name: string;
  readonly look: () => Promise<StepResult>;
  /** What to do when the look itself breaks or takes too long. */
  readonly remedy: string;
  /** Steps before this one; when one of them failed, this one is not made. */
  readonly needs?: readonly string[];
}

export interface StepOptions {
  readonly limitMs?: number;
  /** Told of every step as it ends. */
  readonly onStep?: (result: StepResult) => void;
}

const STEP_LIMIT_MS = 10_000;

/** Makes one step after the other. One that hangs or breaks says so, and the next ones are still made, but for those that need it. */
export async function makeSteps(steps: readonly Step[], { limitMs = STEP_LIMIT_MS, onStep }: StepOptions): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    const cause = results.find(({ name, outcome, followsFrom }) => step.needs?.includes(name) && (outcome === 'failed' || followsFrom));
    const result = cause === undefined ? await resultOf(step, limitMs) : following(step.name, cause.followsFrom ?? cause.name);
    results.push(result);
    onStep?.(result);
  }
  return results;
}

async function resultOf({ name, look, remedy }: Step, limitMs: number): Promise<StepResult> {
  const tooLate = (): Error => new Error(`No answer within ${limitMs / 1000} s.`);
  try {
    // What a look that is too late goes on doing is nobody's business.
    return await withDeadline(holdingTimers, { ms: limitMs, tooLate }, look);
  } catch (error) {
    return failed(name, describeError(error), remedy);
  }
}
