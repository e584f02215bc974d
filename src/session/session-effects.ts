import { showAfterMs } from '../shared/problem-catalogue';
import type { SessionMachineState, SignedInState, SessionEffect, SessionSurroundings, SessionStep, SessionTimer } from './session-states';

/** As in the gateway: nobody returns at once, everybody within half a minute. */
export const REOPEN_BACKOFF = { firstMs: 1000, maxMs: 30_000 };
/** A session that lasted this long starts its next back-off from the beginning. */
export const STABLE_MS = 30_000;
/** Shorter outages are nobody's business. */
export const AWAY_MS = showAfterMs('rwsUnreachable');
/** Of `failoverAfterSeconds`: a whole floor that lost its data centre in one moment reaches the other one spread out. */
const FAILOVER_SPREAD = 0.5;

export const ALL_TIMERS: readonly SessionTimer[] = ['failover', 'retry', 'failback', 'poll', 'stable', 'away'];
export const clearTimers = (...names: readonly SessionTimer[]): SessionEffect[] => names.map((name) => ({ type: 'clearTimer', name }));

export function unchanged(state: SessionMachineState): SessionStep {
  return { state, effects: [] };
}

export function prepend(effects: readonly SessionEffect[], step: SessionStep): SessionStep {
  return { state: step.state, effects: [...effects, ...step.effects] };
}

/** The timer starts with the first poll: a desktop that never polls never times out. */
export function pollTimer({ hasPolled }: Pick<SignedInState, 'hasPolled'>, around: SessionSurroundings): readonly SessionEffect[] {
  return hasPolled ? [{ type: 'setTimer', name: 'poll', ms: around.pollTimeoutMs }] : [];
}

export function outageTimers({ hasPeer }: SignedInState, around: SessionSurroundings): readonly SessionEffect[] {
  return [{ type: 'setTimer', name: 'away', ms: AWAY_MS }, ...(hasPeer ? [failoverTimer(around)] : [])];
}

export function failoverTimer({ failoverAfterMs, random }: SessionSurroundings): SessionEffect {
  return { type: 'setTimer', name: 'failover', ms: Math.round(failoverAfterMs * (1 + FAILOVER_SPREAD * random())) };
}

export function probeTimer({ failbackProbeMs, random }: SessionSurroundings): SessionEffect {
  return { type: 'setTimer', name: 'failback', ms: Math.round(failbackProbeMs * (0.75 + random() / 2)) };
}
