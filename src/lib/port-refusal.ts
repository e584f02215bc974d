import { AppError } from '../shared/errors';
import { describeRaised } from '../shared/problem-catalogue';
import type { RefusedPort, TakenPort } from '../shared/port-texts';
import type { PortHolder } from './connection-owners';

type PortProblem = { readonly code: 'portTaken'; readonly facts: TakenPort } | { readonly code: 'portDenied'; readonly facts: RefusedPort };

/** Why the service does not get its port. Retryable when it may be another user's: it comes free by itself, when that person leaves. */
export class PortRefusedError extends AppError {
  readonly problem: PortProblem;

  constructor(problem: PortProblem, { cause, isRetryable }: { readonly cause: unknown; readonly isRetryable: boolean }) {
    const { text, remedy } = describeRaised(problem);
    super('portTaken', `${text} ${remedy}`, { cause, isRetryable });
    this.problem = problem;
  }
}

/**
 * @param code what the system said: `EADDRINUSE` or `EACCES`
 * @param holder who listens there, if that can be seen
 */
export function toPortProblem(refused: RefusedPort, code: string, holder: PortHolder | undefined): PortProblem {
  return code === 'EACCES' ? { code: 'portDenied', facts: refused } : { code: 'portTaken', facts: { ...refused, ...toFacts(holder) } };
}

function toFacts(holder: PortHolder | undefined): Pick<TakenPort, 'whose' | 'user' | 'process'> {
  if (holder === undefined) return {};
  const { owner, process } = holder;
  const seen = process === undefined ? {} : { process };
  if (owner.relation === 'otherUser' || owner.relation === 'administrator') return { whose: 'otherUser', user: owner.user, ...seen };
  return owner.relation === 'gone' ? seen : { whose: owner.relation, ...seen };
}
