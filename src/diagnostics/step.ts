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
