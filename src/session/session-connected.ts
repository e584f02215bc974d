import type { AgentView } from '../shared/agent';
import type { RwsError } from '../shared/rws-error';
import { omitUndefined } from '../shared/omit-undefined';
import { ALL_TIMERS, STABLE_MS, clearTimers, outageTimers, pollTimer, probeTimer, unchanged } from './session-effects';
import { reopenAfter, toReconnecting } from './session-reopening';
import type {
  ConnectedState,
  SignedInState,
  ReconnectingState,
  SessionEffect,
  SessionEvent,
  SessionSurroundings,
  SessionStep,
  SessionTimer,
} from './session-states';

export function connect({ agent, which, hasPeer, attempt, hasPolled, lastPoll }: SignedInState, around: SessionSurroundings): SessionStep {
  const state: ConnectedState = {
    status: 'connected',
    agent,
    which,
    hasPeer,
    attempt,
    hasPolled,
    since: around.now,
    lastContact: around.now,
    ...omitUndefined({ lastPoll }),
  };
  const effects: SessionEffect[] = [
    ...clearTimers('failover', 'retry', 'failback', 'away', ...(hasPolled ? [] : (['poll'] as const))),
    { type: 'tellBack' },
    { type: 'setTimer', name: 'stable', ms: STABLE_MS },
    ...(which === 'peer' ? [probeTimer(around)] : []),
  ];
  return { state, effects };
}

export function whileConnected(state: ConnectedState, event: SessionEvent, around: SessionSurroundings): SessionStep {
  switch (event.type) {
    case 'contact':
      return unchanged({ ...state, lastContact: around.now });
    case 'interrupted':
      return interrupt(state, event.error, around);
    case 'ended':
      return reopenAfter(state, event.error, around);
    case 'polled':
      return polled(state, around);
    case 'primaryProbed':
      return probed(state, event, around);
    case 'suspended':
      return { state, effects: clearTimers('poll') };
    case 'resumed':
      return { state, effects: [{ type: 'reconnectNow' }, ...pollTimer(state, around)] };
    case 'networkChanged':
      return { state, effects: [{ type: 'reconnectNow' }] };
    case 'timer':
      return whenConnectedTimer(state, event.name, around.now);
    default:
      return unchanged(state);
  }
}

function whenConnectedTimer(state: ConnectedState, name: SessionTimer, now: number): SessionStep {
  if (name === 'poll') return expire(state.agent, now);
  if (name === 'stable') return unchanged({ ...state, attempt: 0 });
  return name === 'failback' ? { state, effects: [{ type: 'probePrimary' }] } : unchanged(state);
}

function interrupt(state: ConnectedState, error: RwsError, around: SessionSurroundings): SessionStep {
  return {
    state: toReconnecting(state, { reason: error.statusMessage, how: 'restoring' }, around.now),
    effects: [...clearTimers('stable', 'failback'), ...outageTimers(state, around)],
  };
}

export function polled<S extends ConnectedState | ReconnectingState>(state: S, around: SessionSurroundings): SessionStep {
  const first: SessionEffect[] = state.hasPolled ? [] : [{ type: 'keepPolling' }];
  const next = { ...state, hasPolled: true, lastPoll: around.now };
  return { state: next, effects: [...pollTimer(next, around), ...first] };
}

function probed(state: ConnectedState, event: { isReachable: boolean; isRecording: boolean }, around: SessionSurroundings): SessionStep {
  if (state.which === 'primary') return unchanged(state);
  const mayReturn = event.isReachable && !event.isRecording;
  return { state, effects: [mayReturn ? { type: 'returnToPrimary' } : probeTimer(around)] };
}

export function expire(agent: AgentView, now: number): SessionStep {
  const effects: SessionEffect[] = [{ type: 'cancelOpen' }, ...clearTimers(...ALL_TIMERS), { type: 'tellBack' }, { type: 'expire' }];
  return { state: { status: 'expired', agent, since: now }, effects };
}
