import type { ServerPair } from '../shared/server-pair';
import type { SessionState } from '../shared/snapshot';
import type { SessionMachineState } from './session-states';
import { omitUndefined } from '../shared/omit-undefined';

/**
 * The machine's state as every view shows it.
 * @param setBy how far the clock views compare with was set meanwhile, in milliseconds
 */
export function toSessionState(state: SessionMachineState, servers: ServerPair | undefined, setBy: number): SessionState {
  const toIso = (time: number): string => new Date(time + setBy).toISOString();
  const lastPoll = (of: { readonly lastPoll?: number }): { lastPoll?: string } =>
    omitUndefined({ lastPoll: of.lastPoll === undefined ? undefined : toIso(of.lastPoll) });
  switch (state.status) {
    case 'signedOut':
      return { status: 'signedOut' };
    case 'signingIn':
      return { status: 'signingIn', userName: state.userName };
    case 'connected':
      return {
        status: 'connected',
        agent: state.agent,
        server: (state.which === 'peer' ? servers?.peer : servers?.primary) ?? '',
        which: state.which,
        since: toIso(state.since),
        lastContact: toIso(state.lastContact),
        ...lastPoll(state),
      };
    case 'reconnecting':
      return { status: 'reconnecting', agent: state.agent, since: toIso(state.since), reason: state.reason, ...lastPoll(state) };
    case 'expired':
      return { status: 'expired', agent: state.agent, since: toIso(state.since) };
    case 'signingOut':
      return { status: 'signingOut', agent: state.agent };
  }
}
