import { fullJitter } from '../lib/backoff';
import type { RwsError } from '../shared/rws-error';
import type { DataCentre } from '../shared/snapshot';
import { omitUndefined } from '../shared/omit-undefined';
import { ALL_TIMERS, REOPEN_BACKOFF, clearTimers, failoverTimer, outageTimers, prepend, unchanged } from './session-effects';
import type {
  ConnectedState,
  SessionMachineState,
  SignedInState,
  ReconnectingState,
  Reopening,
  SessionEffect,
  SessionSurroundings,
  SessionStep,
} from './session-states';

export function reopeningOf(state: SessionMachineState): Reopening | undefined {
  if (state.status === 'signingIn') return state.reopening;
  return state.status === 'reconnecting' && state.how !== 'restoring' ? state.how : undefined;
}

/** A bare 403 or 404 without an envelope comes from a server that is still starting, or from something in between. */
function isFinalRefusal(error: RwsError): boolean {
  return error.kind === 'unauthenticated' || (error.kind === 'refused' && error.statusCode !== undefined);
}

/** After a failed try: the other data centre next, if there is one that may know the agent; refused by the primary is final. */
export function retry(state: SessionMachineState, failed: Reopening, error: RwsError, around: SessionSurroundings): SessionStep {
  if (state.status !== 'signingIn' && state.status !== 'reconnecting') return unchanged(state);
  const isRefused = isFinalRefusal(error);
  if (isRefused && failed.which === 'primary') {
    return { state: { status: 'signedOut' }, effects: [...clearTimers(...ALL_TIMERS), { type: 'giveUp', error }] };
  }
  const isPeerRefused = failed.isPeerRefused || isRefused;
  const which = isRefused || (failed.mayMove && !isPeerRefused && state.hasPeer) ? other(failed.which) : failed.which;
  const next: Reopening = { ...failed, phase: 'waiting', which, attempt: failed.attempt + 1, isPeerRefused };
  const ms = fullJitter(failed.attempt, REOPEN_BACKOFF, around.random) + (error.retryAfterMs ?? 0);
  return { state: withReopening(state, next), effects: [{ type: 'setTimer', name: 'retry', ms }] };
}

function other(which: DataCentre): DataCentre {
  return which === 'primary' ? 'peer' : 'primary';
}

export function openNext(state: SessionMachineState & { status: 'signingIn' | 'reconnecting' }, next: Reopening): SessionStep {
  const effects: SessionEffect[] = [...clearTimers('retry'), { type: 'open', which: next.which }];
  return { state: withReopening(state, { ...next, phase: 'opening' }), effects };
}

function withReopening<S extends SessionMachineState & { status: 'signingIn' | 'reconnecting' }>(
  state: S,
  next: Reopening,
): SessionMachineState {
  if (state.status === 'signingIn') return { ...state, reopening: next };
  return { ...state, how: next, attempt: next.attempt };
}

export function toReconnecting(state: SignedInState, what: Pick<ReconnectingState, 'reason' | 'how'>, now: number): ReconnectingState {
  const { agent, which, hasPeer, attempt, hasPolled, lastPoll } = state;
  return {
    status: 'reconnecting',
    agent,
    which,
    hasPeer,
    attempt,
    hasPolled,
    since: now,
    ...what,
    ...omitUndefined({ lastPoll }),
  };
}

/** The session is gone for good: a new one, with the credentials that are kept. */
export function reopenAfter(state: ConnectedState | ReconnectingState, error: RwsError, around: SessionSurroundings): SessionStep {
  const base =
    state.status === 'reconnecting' ? state : toReconnecting(state, { reason: error.statusMessage, how: 'restoring' }, around.now);
  const effects: SessionEffect[] = [
    ...clearTimers('stable', 'failback'),
    { type: 'dropSession' },
    // From `reconnecting` both are running since the outage began.
    ...(state.status === 'connected' ? outageTimers(state, around) : []),
  ];
  const failed: Reopening = { phase: 'opening', which: state.which, attempt: state.attempt, isPeerRefused: false, mayMove: false };
  if (isFinalRefusal(error)) return prepend(effects, retry(base, failed, error, around));
  const ms = fullJitter(state.attempt, REOPEN_BACKOFF, around.random) + (error.retryAfterMs ?? 0);
  const how: Reopening = { ...failed, phase: 'waiting', attempt: state.attempt + 1 };
  return { state: withReopening(base, how), effects: [...effects, { type: 'setTimer', name: 'retry', ms }] };
}

export function failOver(state: ReconnectingState): SessionStep {
  const isMending = state.how === 'restoring';
  if (state.how !== 'restoring' && (state.how.mayMove || state.how.isPeerRefused)) return unchanged(state);
  const next: Reopening = { phase: 'opening', which: other(state.which), attempt: 0, isPeerRefused: false, mayMove: true };
  return prepend(isMending ? [{ type: 'dropSession' }] : [], openNext(state, next));
}

/** After sleep or on another network: at once, and with the whole patience anew. */
export function wake(state: ReconnectingState, effects: readonly SessionEffect[], around: SessionSurroundings): SessionStep {
  const isStaying = state.how === 'restoring' || !state.how.mayMove;
  const patience = [...effects, ...(state.hasPeer && isStaying ? [failoverTimer(around)] : [])];
  if (state.how !== 'restoring') return prepend(patience, openNext(state, { ...state.how, attempt: 0 }));
  return { state, effects: [...patience, { type: 'reconnectNow' }] };
}
