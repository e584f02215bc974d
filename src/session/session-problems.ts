import type { Problem } from '../shared/snapshot';

export function awayProblem(reason: string): Omit<Problem, 'since'> {
  return {
    code: 'rwsUnreachable',
    text: `The recording server cannot be reached: ${reason}`,
    remedy: 'Check the network and RWS; the connection comes back by itself. “srs doctor” looks step by step.',
  };
}

export function refusedProblem(reason: string): Omit<Problem, 'since'> {
  return {
    code: 'credentialsRefused',
    text: `The recording server no longer accepts the agent: ${reason}`,
    remedy: 'Log in again in the agent desktop, with the current password.',
  };
}
