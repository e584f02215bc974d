import { fullJitter } from '../lib/backoff';
import type { AgentView } from '../shared/agent';
import type { RwsError } from '../shared/rws-error';
import type { DataCentre } from '../shared/snapshot';
import type {
  ConnectedState,
  MachineState,
  OpenSession,
  ReconnectingState,
  Reopening,
  SessionEffect,
  SessionEvent,
  SessionRules,
  Step,
  TimerName,
} from './session-states';
import { omitUndefined } from '../shared/omit-undefined';

/** As in the gateway: nobody returns at once, everybody within half a minute. */
export const REOPEN_BACKOFF = { firstMs: 1000, maxMs: 30_000 };
/** A session that lasted this long starts its next back-off from the beginning. */
export const STABLE_MS = 30_000;
/** Shorter outages are nobody's business. */
export const AWAY_MS = 5000;
/** Of `failoverAfterSeconds`: a whole floor that lost its data centre in one moment reaches the other one spread out. */
const FAILOVER_SPREAD = 0.5;

const ALL_TIMERS: readonly TimerName[] = ['failover', 'retry', 'failback', 'poll', 'stable', 'away'];
const clearTimers = (...names: readonly TimerName[]): SessionEffect[] => names.map((name) => ({ type: 'clearTimer', name }));

/** The life of an agent's session (rws.md, *Which server*; local-api.md, *Polling*). Pure: `now`, of `Clock.steady`, comes in. */
export function stepSession(state: MachineState, event: SessionEvent, now: number, rules: SessionRules): Step {
  switch (event.type) {
    case 'loginStarted':
      return startLogin(state, event.userName);
    case 'switching':
      return startSwitch(event.userName);
    case 'loginFailed':
      return state.status === 'signingIn' ? { state: { status: 'signedOut' }, effects: [] } : unchanged(state);
    case 'storedSessionFound':
      return resume(state, event, rules);
    case 'opened':
      return connect({ ...event, attempt: 0, hasPolled: false }, now, rules);
    case 'logoutStarted':
      return startLogout(state);
    case 'signedOut':
      return { state: { status: 'signedOut' }, effects: clearTimers(...ALL_TIMERS) };
    case 'reopened':
    case 'reopenFailed':
      return afterReopening(state, event, now, rules);
    default:
      return inSession(state, event, now, rules);
  }
}

function unchanged(state: MachineState): Step {
  return { state, effects: [] };
}

/** A session that is open stays what it is until the new credentials hold. */
function startLogin(state: MachineState, userName: string): Step {
  if (state.status === 'connected' || state.status === 'reconnecting') return unchanged(state);
  return {
    state: { status: 'signingIn', userName, hasPeer: false },
    effects: [{ type: 'cancelOpen' }, ...clearTimers('retry', 'away', 'poll')],
  };
}

function startSwitch(userName: string): Step {
  const effects: SessionEffect[] = [{ type: 'cancelOpen' }, ...clearTimers(...ALL_TIMERS), { type: 'tellBack' }];
  return { state: { status: 'signingIn', userName, hasPeer: false }, effects };
}

/** Whoever polled before has to poll again, from now on; whether RWS is there or not. */
function resume(
  state: MachineState,
  { userName, hasPeer, hasPolled }: Extract<SessionEvent, { type: 'storedSessionFound' }>,
  rules: SessionRules,
): Step {
  if (state.status !== 'signedOut') return unchanged(state);
  const reopening = { phase: 'opening', which: 'primary', attempt: 0, isPeerRefused: false, mayMove: true } as const;
  const effects: SessionEffect[] = [
    { type: 'open', which: 'primary' },
    { type: 'setTimer', name: 'away', ms: AWAY_MS },
    ...pollTimer({ hasPolled }, rules),
  ];
  return { state: { status: 'signingIn', userName, hasPeer, reopening, hasPolled }, effects };
}

function connect({ agent, which, hasPeer, attempt, hasPolled, lastPoll }: OpenSession, now: number, rules: SessionRules): Step {
  const state: ConnectedState = {
    status: 'connected',
    agent,
    which,
    hasPeer,
    attempt,
    hasPolled,
    since: now,
    lastContact: now,
    ...omitUndefined({ lastPoll }),
  };
  const effects: SessionEffect[] = [
    ...clearTimers('failover', 'retry', 'failback', 'away', ...(hasPolled ? [] : (['poll'] as const))),
    { type: 'tellBack' },
    { type: 'setTimer', name: 'stable', ms: STABLE_MS },
    ...(which === 'peer' ? [probeTimer(rules)] : []),
  ];
  return { state, effects };
}

function startLogout(state: MachineState): Step {
  if (state.status !== 'connected' && state.status !== 'reconnecting') {
    return { state: { status: 'signedOut' }, effects: [{ type: 'cancelOpen' }, ...clearTimers(...ALL_TIMERS), { type: 'tellBack' }] };
  }
  const effects: SessionEffect[] = [{ type: 'cancelOpen' }, ...clearTimers(...ALL_TIMERS), { type: 'tellBack' }];
  return { state: { status: 'signingOut', agent: state.agent }, effects };
}

function afterReopening(
  state: MachineState,
  event: Extract<SessionEvent, { type: 'reopened' | 'reopenFailed' }>,
  now: number,
  rules: SessionRules,
): Step {
  const reopening = reopeningOf(state);
  if (event.type === 'reopened') {
    if (state.status === 'signingIn' && reopening !== undefined) {
      const { hasPeer, hasPolled = false } = state;
      return connect({ ...pick(event), hasPeer, hasPolled, attempt: reopening.attempt }, now, rules);
    }
    // From `connected` it is the return to the primary.
    if (state.status === 'connected' || state.status === 'reconnecting') return connect({ ...state, ...pick(event) }, now, rules);
    return unchanged(state);
  }
  if (reopening === undefined) return state.status === 'connected' ? { state, effects: [probeTimer(rules)] } : unchanged(state);
  return retry(state, reopening, event.error, rules);
}

function pick({ agent, which }: { agent: AgentView; which: DataCentre }): { agent: AgentView; which: DataCentre } {
  return { agent, which };
}

function reopeningOf(state: MachineState): Reopening | undefined {
  if (state.status === 'signingIn') return state.reopening;
  return state.status === 'reconnecting' && state.how !== 'mending' ? state.how : undefined;
}

/** After a failed try: the other data centre next, if there is one that may know the agent; refused by the primary is final. */
function retry(state: MachineState, failed: Reopening, error: RwsError, rules: SessionRules): Step {
  if (state.status !== 'signingIn' && state.status !== 'reconnecting') return unchanged(state);
  const isRefused = isFinalRefusal(error);
  if (isRefused && failed.which === 'primary') {
    return { state: { status: 'signedOut' }, effects: [...clearTimers(...ALL_TIMERS), { type: 'giveUp', error }] };
  }
  const isPeerRefused = failed.isPeerRefused || isRefused;
  const which = isRefused || (failed.mayMove && !isPeerRefused && state.hasPeer) ? other(failed.which) : failed.which;
  const next: Reopening = { ...failed, phase: 'waiting', which, attempt: failed.attempt + 1, isPeerRefused };
  const ms = fullJitter(failed.attempt, REOPEN_BACKOFF, rules.random) + (error.retryAfterMs ?? 0);
  return { state: withReopening(state, next), effects: [{ type: 'setTimer', name: 'retry', ms }] };
}

function other(which: DataCentre): DataCentre {
  return which === 'primary' ? 'peer' : 'primary';
}

/** A bare 403 or 404 without an envelope comes from a server that is still starting, or from something in between. */
function isFinalRefusal(error: RwsError): boolean {
  return error.kind === 'unauthenticated' || (error.kind === 'refused' && error.statusCode !== undefined);
}

function withReopening<S extends MachineState & { status: 'signingIn' | 'reconnecting' }>(state: S, next: Reopening): MachineState {
  if (state.status === 'signingIn') return { ...state, reopening: next };
  return { ...state, how: next, attempt: next.attempt };
}

function inSession(state: MachineState, event: SessionEvent, now: number, rules: SessionRules): Step {
  if (state.status === 'signingIn') return whileResuming(state, event, now, rules);
  if (state.status === 'connected') return whileConnected(state, event, now, rules);
  if (state.status === 'reconnecting') return whileReconnecting(state, event, now, rules);
  return unchanged(state);
}

function whileResuming(state: MachineState & { status: 'signingIn' }, event: SessionEvent, now: number, rules: SessionRules): Step {
  const { reopening, userName, hasPolled = false } = state;
  if (reopening === undefined) return unchanged(state);
  const atOnce = { ...reopening, attempt: 0 };
  switch (event.type) {
    case 'timer':
      if (event.name === 'away') return { state, effects: [{ type: 'tellAway', reason: 'RWS does not answer.' }] };
      if (event.name === 'poll') return expire({ userName, devices: [] }, now);
      return event.name === 'retry' ? openNext(state, reopening) : unchanged(state);
    case 'suspended':
      return { state, effects: clearTimers('poll') };
    case 'resumed':
      return prepend(pollTimer({ hasPolled }, rules), openNext(state, atOnce));
    case 'networkChanged':
      return openNext(state, atOnce);
    default:
      return unchanged(state);
  }
}

function openNext(state: MachineState & { status: 'signingIn' | 'reconnecting' }, next: Reopening): Step {
  const effects: SessionEffect[] = [...clearTimers('retry'), { type: 'open', which: next.which }];
  return { state: withReopening(state, { ...next, phase: 'opening' }), effects };
}

function whileConnected(state: ConnectedState, event: SessionEvent, now: number, rules: SessionRules): Step {
  switch (event.type) {
    case 'contact':
      return unchanged({ ...state, lastContact: now });
    case 'interrupted':
      return interrupt(state, event.error, now, rules);
    case 'ended':
      return reopenAfter(state, event.error, now, rules);
    case 'polled':
      return polled(state, now, rules);
    case 'primaryProbed':
      return probed(state, event, rules);
    case 'suspended':
      return { state, effects: clearTimers('poll') };
    case 'resumed':
      return { state, effects: [{ type: 'reconnectNow' }, ...pollTimer(state, rules)] };
    case 'networkChanged':
      return { state, effects: [{ type: 'reconnectNow' }] };
    case 'timer':
      return whenConnectedTimer(state, event.name, now);
    default:
      return unchanged(state);
  }
}

function whenConnectedTimer(state: ConnectedState, name: TimerName, now: number): Step {
  if (name === 'poll') return expire(state.agent, now);
  if (name === 'stable') return unchanged({ ...state, attempt: 0 });
  return name === 'failback' ? { state, effects: [{ type: 'probePrimary' }] } : unchanged(state);
}

function whileReconnecting(state: ReconnectingState, event: SessionEvent, now: number, rules: SessionRules): Step {
  switch (event.type) {
    case 'restored':
      return state.how === 'mending' ? connect(state, now, rules) : unchanged(state);
    case 'ended':
      return state.how === 'mending' ? reopenAfter(state, event.error, now, rules) : unchanged(state);
    case 'polled':
      return polled(state, now, rules);
    case 'suspended':
      return { state, effects: clearTimers('poll', 'failover') };
    case 'resumed':
      return wake(state, pollTimer(state, rules), rules);
    case 'networkChanged':
      return wake(state, [], rules);
    case 'timer':
      return whenReconnectingTimer(state, event.name, now);
    default:
      return unchanged(state);
  }
}

function whenReconnectingTimer(state: ReconnectingState, name: TimerName, now: number): Step {
  switch (name) {
    case 'poll':
      return expire(state.agent, now);
    case 'away':
      return { state, effects: [{ type: 'tellAway', reason: state.reason }] };
    case 'failover':
      return failOver(state);
    case 'retry':
      return state.how === 'mending' ? unchanged(state) : openNext(state, state.how);
    default:
      return unchanged(state);
  }
}

function interrupt(state: ConnectedState, error: RwsError, now: number, rules: SessionRules): Step {
  return {
    state: toReconnecting(state, { reason: error.statusMessage, how: 'mending' }, now),
    effects: [...clearTimers('stable', 'failback'), ...outageTimers(state, rules)],
  };
}

function outageTimers({ hasPeer }: OpenSession, rules: SessionRules): readonly SessionEffect[] {
  return [{ type: 'setTimer', name: 'away', ms: AWAY_MS }, ...(hasPeer ? [failoverTimer(rules)] : [])];
}

function toReconnecting(state: OpenSession, what: Pick<ReconnectingState, 'reason' | 'how'>, now: number): ReconnectingState {
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
function reopenAfter(state: ConnectedState | ReconnectingState, error: RwsError, now: number, rules: SessionRules): Step {
  const base = state.status === 'reconnecting' ? state : toReconnecting(state, { reason: error.statusMessage, how: 'mending' }, now);
  const effects: SessionEffect[] = [
    ...clearTimers('stable', 'failback'),
    { type: 'dropSession' },
    // From `reconnecting` both are running since the outage began.
    ...(state.status === 'connected' ? outageTimers(state, rules) : []),
  ];
  const failed: Reopening = { phase: 'opening', which: state.which, attempt: state.attempt, isPeerRefused: false, mayMove: false };
  if (isFinalRefusal(error)) return prepend(effects, retry(base, failed, error, rules));
  const ms = fullJitter(state.attempt, REOPEN_BACKOFF, rules.random) + (error.retryAfterMs ?? 0);
  const how: Reopening = { ...failed, phase: 'waiting', attempt: state.attempt + 1 };
  return { state: withReopening(base, how), effects: [...effects, { type: 'setTimer', name: 'retry', ms }] };
}

function prepend(effects: readonly SessionEffect[], step: Step): Step {
  return { state: step.state, effects: [...effects, ...step.effects] };
}

function failOver(state: ReconnectingState): Step {
  const isMending = state.how === 'mending';
  if (state.how !== 'mending' && (state.how.mayMove || state.how.isPeerRefused)) return unchanged(state);
  const next: Reopening = { phase: 'opening', which: other(state.which), attempt: 0, isPeerRefused: false, mayMove: true };
  return prepend(isMending ? [{ type: 'dropSession' }] : [], openNext(state, next));
}

/** After sleep or on another network: at once, and with the whole patience anew. */
function wake(state: ReconnectingState, effects: readonly SessionEffect[], rules: SessionRules): Step {
  const isStaying = state.how === 'mending' || !state.how.mayMove;
  const patience = [...effects, ...(state.hasPeer && isStaying ? [failoverTimer(rules)] : [])];
  if (state.how !== 'mending') return prepend(patience, openNext(state, { ...state.how, attempt: 0 }));
  return { state, effects: [...patience, { type: 'reconnectNow' }] };
}

function polled<S extends ConnectedState | ReconnectingState>(state: S, now: number, rules: SessionRules): Step {
  const first: SessionEffect[] = state.hasPolled ? [] : [{ type: 'keepPolling' }];
  const next = { ...state, hasPolled: true, lastPoll: now };
  return { state: next, effects: [...pollTimer(next, rules), ...first] };
}

/** The timer starts with the first poll: a desktop that never polls never times out. */
function pollTimer({ hasPolled }: Pick<OpenSession, 'hasPolled'>, rules: SessionRules): readonly SessionEffect[] {
  return hasPolled ? [{ type: 'setTimer', name: 'poll', ms: rules.pollTimeoutMs }] : [];
}

function probed(state: ConnectedState, event: { isReachable: boolean; isRecording: boolean }, rules: SessionRules): Step {
  if (state.which === 'primary') return unchanged(state);
  const mayReturn = event.isReachable && !event.isRecording;
  return { state, effects: [mayReturn ? { type: 'returnToPrimary' } : probeTimer(rules)] };
}

function expire(agent: AgentView, now: number): Step {
  const effects: SessionEffect[] = [{ type: 'cancelOpen' }, ...clearTimers(...ALL_TIMERS), { type: 'tellBack' }, { type: 'expire' }];
  return { state: { status: 'expired', agent, since: now }, effects };
}

function failoverTimer({ failoverAfterMs, random }: SessionRules): SessionEffect {
  return { type: 'setTimer', name: 'failover', ms: Math.round(failoverAfterMs * (1 + FAILOVER_SPREAD * random())) };
}

function probeTimer({ failbackProbeMs, random }: SessionRules): SessionEffect {
  return { type: 'setTimer', name: 'failback', ms: Math.round(failbackProbeMs * (0.75 + random() / 2)) };
}
