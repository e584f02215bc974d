import { describeError } from '../shared/errors';
import { Caller, type CallerOptions } from './caller';
import type { Check, CheckOutcome, CheckResult } from './check';
import { Mismatch, Undecided } from './verdict';
import { corsChecks } from './checks/cors';
import { csrfChecks } from './checks/csrf';
import { errorChecks } from './checks/errors';
import { loginChecks } from './checks/login';
import { logoutChecks, pollingChecks } from './checks/session';
import { timeoutCheck } from './checks/timeout';
import { versionChecks } from './checks/version';

/** The checklist (docs/contracts/local-api.md, *Conformance*), in the order it is run. */
const CONFORMANCE_CHECKS: readonly Check[] = [
  ...versionChecks,
  ...corsChecks,
  ...errorChecks,
  ...loginChecks,
  ...pollingChecks,
  ...csrfChecks,
  ...logoutChecks,
];

export interface ConformanceOptions extends CallerOptions {
  /** Tries the time-out of polling too, which takes this long. */
  readonly pingTimeoutSeconds?: number;
  readonly onResult?: (result: CheckResult) => void;
}

/** Runs every check, one after the other, and leaves the agent signed out. Never throws for what the server does. */
export async function runConformance(options: ConformanceOptions): Promise<readonly CheckResult[]> {
  const caller = new Caller(options);
  const { pingTimeoutSeconds: seconds } = options;
  const checks = seconds === undefined ? CONFORMANCE_CHECKS : [...CONFORMANCE_CHECKS, timeoutCheck(seconds)];
  const results: CheckResult[] = [];
  // Before any check sends the credentials a second time: whether they are good.
  await caller.logIn().catch(() => undefined);
  for (const check of checks) {
    const result = await judge(check, caller);
    results.push(result);
    options.onResult?.(result);
  }
  await caller.beSignedOut().catch(() => undefined); // What can be said of it has been said by the checks.
  return results;
}

async function judge({ id, claim, rule, run }: Check, caller: Caller): Promise<CheckResult> {
  const result = (outcome: CheckOutcome, found?: string): CheckResult => ({
    id,
    claim,
    rule,
    outcome,
    ...(found === undefined ? {} : { found }),
  });
  try {
    await run(caller);
    return result('holds');
  } catch (error) {
    if (error instanceof Mismatch) return result('fails', error.message);
    if (error instanceof Undecided) return result('undecided', error.message);
    return result('fails', describeError(error));
  }
}
