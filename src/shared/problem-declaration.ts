import type { WindowAction } from './actions';

/**
 * - `error`: something the product is for does not happen
 * - `warning`: it happens, and will not for long, or not as safely as it should
 */
export type Severity = 'error' | 'warning';

/** One problem, declared once: who raises it gives its code and its facts. */
export interface ProblemDeclaration<Facts> {
  readonly severity: Severity;
  /** Who can end it. What the agent can end is also told by a notice of the system. */
  readonly actor: 'agent' | 'administrator' | 'nobody';
  /** The button beside it. */
  readonly action: WindowAction;
  /** Milliseconds the trouble must last before it is raised; absent: it is raised at once. */
  readonly showAfterMs?: number;
  /** Not shown while one of these is, because it follows from it. */
  readonly follows?: (facts: Facts) => readonly string[];
  /** For administrators, in English: what is wrong. The agent reads `problem.<code>.text` of the locales. */
  readonly text: (facts: Facts) => string;
  /** For administrators, in English: what to do. The agent reads `problem.<code>.remedy`. */
  readonly remedy: (facts: Facts) => string;
  /** One of each kind, for the documents and their test. */
  readonly examples: readonly Facts[];
  /** For the documents: what an administrator should know besides, in Markdown. */
  readonly guide?: string;
}

export const declare = <Facts>(declaration: ProblemDeclaration<Facts>): ProblemDeclaration<Facts> => declaration;

/** What the system, RWS or an error said, as one plain sentence without paths. */
export interface Reason {
  readonly reason: string;
}

export type NoFacts = Readonly<Record<never, never>>;
