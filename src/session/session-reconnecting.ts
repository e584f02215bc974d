import type { AgentView } from '../shared/agent';
import type { DataCentre } from '../shared/snapshot';
import { connect, expire, polled } from './session-connected';
import { clearTimers, pollTimer, prepend, probeTimer, unchanged } from './session-effects';
import { failOver, openNext, reopenAfter, reopeningOf, retry, wake } from './session-reopening';
import type {
  SessionMachineState,
  ReconnectingState,
  SessionEvent,
  SessionSurroundings,
  SessionStep,
  SessionTimer,
} from './session-states';

export function afterReopening(
  state: SessionMachineState,
  event: Extract<SessionEvent, { type: 'reopened' | 'reopenFailed' }>,
  around: SessionSurroundings,
): SessionStep {
  const reopening = reopeningOf(state);
  if (event.type === 'reopened') {
    if (state.status === 'signingIn' && reopening !== undefined) {
      const { hasPeer, hasPolled = false } = state;
      return connect({ ...pick(event), hasPeer, hasPolled, attempt: reopening.attempt }, around);
    }
    // From `connected` it is the return to the primary.
    if (state.status === 'connected' || state.status === 'reconnecting') return connect({ ...state, ...pick(event) }, around);
    return unchanged(state);
  }
  if (reopening === undefined) return state.status === 'connected' ? { state, effects: [probeTimer(around)] } : unchanged(state);
  return retry(state, reopening, event.error, around);
}

function pick({ agent, which }: { agent: AgentView; which: DataCentre }): { agent: AgentView; which: DataCentre } {
  return { agent, which };
}

export function whileResuming(
  state: SessionMachineState & { status: 'signingIn' },
  event: SessionEvent,
  around: SessionSurroundings,
): SessionStep {
  const { reopening, userName, hasPolled = false } = state;
  if (reopening === undefined) return unchanged(state);
  const atOnce = { ...reopening, attempt: 0 };
  switch (event.type) {
    case 'timer':
      if (event.name === 'away') return { state, effects: [{ type: 'tellAway', reason: 'RWS does not answer.' }] };
      if (event.name === 'poll') return expire({ userName, devices: [] }, around.now);
      return event.name === 'retry' ? openNext(state, reopening) : unchanged(state);
    case 'suspended':
      return { state, effects: clearTimers('poll') };
    case 'resumed':
      return prepend(pollTimer({ hasPolled }, around), openNext(state, atOnce));
    case 'networkChanged':
      return openNext(state, atOnce);
    default:
      return unchanged(state);
  }
}

export function whileReconnecting(state: ReconnectingState, event: SessionEvent, around: SessionSurroundings): SessionStep {
  switch (event.type) {
    case 'restored':
      return state.how === 'restoring' ? connect(state, around) : unchanged(state);
    case 'ended':
      return state.how === 'restoring' ? reopenAfter(state, event.error, around) : unchanged(state);
    case 'polled':
      return polled(state, around);
    case 'suspended':
      return { state, effects: clearTimers('poll', 'failover') };
    case 'resumed':
      return wake(state, pollTimer(state, around), around);
    case 'networkChanged':
      return wake(state, [], around);
    case 'timer':
      return whenReconnectingTimer(state, event.name, around.now);
    default:
      return unchanged(state);
  }
}

function whenReconnectingTimer(state: ReconnectingState, name: SessionTimer, now: number): SessionStep {
  switch (name) {
    case 'poll':
      return expire(state.agent, now);
    case 'away':
      return { state, effects: [{ type: 'tellAway', reason: state.reason }] };
    case 'failover':
      return failOver(state);
    case 'retry':
      return state.how === 'restoring' ? unchanged(state) : openNext(state, state.how);
    default:
      return unchanged(state);
  }
}
