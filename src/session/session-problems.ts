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

/** Shown when it matters: where `allowedServers` is set, an agent desktop may name the server with every login. */
export function noConfigurationProblem(isClosed: boolean): Omit<Problem, 'since'> {
  return {
    code: 'noConfiguration',
    text: isClosed
      ? 'No recording server is configured on this computer, so every login is refused.'
      : 'A login named no recording server, and none is configured.',
    remedy: isClosed
      ? 'Set "server" in the configuration of this machine, or "allowedServers" for those that the agent desktop may name.'
      : 'Set "server" in the configuration of this machine, or let the agent desktop name it.',
  };
}
