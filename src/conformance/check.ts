import type { Caller } from './caller';

/** `documented`: the public pages say it. `ours`: they leave it open, and docs/contracts/local-api.md decides. */
export type Rule = 'documented' | 'ours';

/** One claim about a server of the local API, tried over HTTP alone. */
export interface Check {
  /** Closed and stable: for those who read the results as JSON. */
  readonly id: string;
  /** One plain sentence that holds or does not. */
  readonly claim: string;
  readonly rule: Rule;
  /** Throws `Mismatch` where the server does otherwise, `Undecided` where this run cannot tell. */
  run(caller: Caller): Promise<void>;
}

export type CheckOutcome = 'holds' | 'fails' | 'undecided';

export interface CheckResult extends Pick<Check, 'id' | 'claim' | 'rule'> {
  readonly outcome: CheckOutcome;
  /** What the server did instead; why it cannot be told. Absent when the claim holds. */
  readonly found?: string;
}
