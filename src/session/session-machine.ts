import { connect, whileConnected } from './session-connected';
import { ALL_TIMERS, AWAY_MS, clearTimers, pollTimer, unchanged } from './session-effects';
import { afterReopening, whileReconnecting, whileResuming } from './session-reconnecting';
import type { SessionMachineState, SessionEffect, SessionEvent, SessionSurroundings, SessionStep } from './session-states';

/** The life of an agent's session (rws.md, *Which server*; local-api.md, *Polling*). Pure. */
export function stepSession(state: SessionMachineState, event: SessionEvent, around: SessionSurroundings): SessionStep {
  switch (event.type) {
    case 'loginStarted':
      return startLogin(state, event.userName);
    case 'switching':
      return startSwitch(event.userName);
    case 'loginFailed':
      return state.status === 'signingIn' ? { state: { status: 'signedOut' }, effects: [] } : unchanged(state);
    case 'storedSessionFound':
      return resume(state, event, around);
    case 'opened':
      return connect({ ...event, attempt: 0, hasPolled: false }, around);
    case 'logoutStarted':
      return startLogout(state);
    case 'signedOut':
      return { state: { status: 'signedOut' }, effects: clearTimers(...ALL_TIMERS) };
    case 'reopened':
    case 'reopenFailed':
      return afterReopening(state, event, around);
    default:
      return inSession(state, event, around);
  }
}

/** A session that is open stays what it is until the new credentials hold. */
function startLogin(state: SessionMachineState, userName: string): SessionStep {
  if (state.status === 'connected' || state.status === 'reconnecting') return unchanged(state);
  return {
    state: { status: 'signingIn', userName, hasPeer: false },
    effects: [{ type: 'cancelOpen' }, ...clearTimers('retry', 'away', 'poll')],
  };
}

function startSwitch(userName: string): SessionStep {
  const effects: SessionEffect[] = [{ type: 'cancelOpen' }, ...clearTimers(...ALL_TIMERS), { type: 'tellBack' }];
  return { state: { status: 'signingIn', userName, hasPeer: false }, effects };
}

/** Whoever polled before has to poll again, from now on; whether RWS is there or not. */
function resume(
  state: SessionMachineState,
  { userName, hasPeer, hasPolled }: Extract<SessionEvent, { type: 'storedSessionFound' }>,
  around: SessionSurroundings,
): SessionStep {
  if (state.status !== 'signedOut') return unchanged(state);
  const reopening = { phase: 'opening', which: 'primary', attempt: 0, isPeerRefused: false, mayMove: true } as const;
  const effects: SessionEffect[] = [
    { type: 'open', which: 'primary' },
    { type: 'setTimer', name: 'away', ms: AWAY_MS },
    ...pollTimer({ hasPolled }, around),
  ];
  return { state: { status: 'signingIn', userName, hasPeer, reopening, hasPolled }, effects };
}

function startLogout(state: SessionMachineState): SessionStep {
  if (state.status !== 'connected' && state.status !== 'reconnecting') {
    return { state: { status: 'signedOut' }, effects: [{ type: 'cancelOpen' }, ...clearTimers(...ALL_TIMERS), { type: 'tellBack' }] };
  }
  const effects: SessionEffect[] = [{ type: 'cancelOpen' }, ...clearTimers(...ALL_TIMERS), { type: 'tellBack' }];
  return { state: { status: 'signingOut', agent: state.agent }, effects };
}

function inSession(state: SessionMachineState, event: SessionEvent, around: SessionSurroundings): SessionStep {
  if (state.status === 'signingIn') return whileResuming(state, event, around);
  if (state.status === 'connected') return whileConnected(state, event, around);
  if (state.status === 'reconnecting') return whileReconnecting(state, event, around);
  return unchanged(state);
}
