import { RwsError, type RwsErrorKind } from '../../src/shared/rws-error';
import { stepSession } from '../../src/session/session-machine';
import type {
  ConnectedState,
  SessionMachineState,
  ReconnectingState,
  Reopening,
  SessionEvent,
  SessionSurroundings,
} from '../../src/session/session-states';

export const NOW = 1_000_000;
/** `random` 0.5 makes every jittered time exact. */
export const around: SessionSurroundings = {
  now: NOW,
  pollTimeoutMs: 60_000,
  failoverAfterMs: 30_000,
  failbackProbeMs: 30_000,
  random: () => 0.5,
};
export const agent = { userName: 'ann', devices: [] };

export const error = (kind: RwsErrorKind, details: { statusCode?: number; retryAfterMs?: number } = {}): RwsError =>
  new RwsError({ kind, statusMessage: `${kind}!`, ...details });

export const signedOut: SessionMachineState = { status: 'signedOut' };
export const signingIn: SessionMachineState = { status: 'signingIn', userName: 'ann', hasPeer: false };
export const resuming = (reopening: Partial<Reopening> = {}, hasPeer = false): Extract<SessionMachineState, { status: 'signingIn' }> => ({
  status: 'signingIn',
  userName: 'ann',
  hasPeer,
  reopening: { phase: 'opening', which: 'primary', attempt: 0, isPeerRefused: false, mayMove: true, ...reopening },
});
export const connected = (extra: Partial<ConnectedState> = {}): ConnectedState => ({
  status: 'connected',
  agent,
  which: 'primary',
  hasPeer: true,
  attempt: 0,
  hasPolled: false,
  since: 1,
  lastContact: 1,
  ...extra,
});
export const restoring = (extra: Partial<ReconnectingState> = {}): ReconnectingState => ({
  status: 'reconnecting',
  agent,
  which: 'primary',
  hasPeer: true,
  attempt: 0,
  hasPolled: false,
  since: 1,
  reason: 'unavailable!',
  how: 'restoring',
  ...extra,
});
export const reopening = (how: Partial<Reopening>, extra: Partial<ReconnectingState> = {}): ReconnectingState =>
  restoring({ how: { phase: 'opening', which: 'primary', attempt: 0, isPeerRefused: false, mayMove: true, ...how }, ...extra });
export const polledBefore: SessionMachineState = { ...resuming(), hasPolled: true };
export const expired: SessionMachineState = { status: 'expired', agent, since: 1 };
export const timer = (name: Extract<SessionEvent, { type: 'timer' }>['name']): SessionEvent => ({ type: 'timer', name });

/** One step of the session machine. */
export interface Row {
  readonly what: string;
  readonly from: SessionMachineState;
  readonly event: SessionEvent;
  readonly to: object;
  /** Effects as `type`, `type:detail`; timers that are cleared are left out. */
  readonly effects?: readonly string[];
}

export function expectStep({ from, event, to, effects = [] }: Row): void {
  const step = stepSession(from, event, around);
  expect(step.state).toMatchObject(to);
  expect(step.effects.filter(({ type }) => type !== 'clearTimer').map(describeEffect)).toEqual(effects);
}

function describeEffect(effect: ReturnType<typeof stepSession>['effects'][number]): string {
  if (effect.type === 'setTimer') return `setTimer:${effect.name}:${effect.ms}`;
  return effect.type === 'open' ? `open:${effect.which}` : effect.type;
}
