import type { Random } from '../lib/backoff';
import type { AgentView } from '../shared/agent';
import type { RwsError } from '../shared/rws-error';
import type { DataCentre } from '../shared/snapshot';

/** The next try to open a session with kept credentials: after a restart, a lost session or a lost data centre. */
export interface Reopening {
  readonly phase: 'waiting' | 'opening';
  readonly which: DataCentre;
  readonly attempt: number;
  /** The peer does not know the agent: it is no way out of this outage. */
  readonly isPeerRefused: boolean;
  /** `failoverAfterSeconds` are over, or there is nothing to stay with: the data centres are tried in turn. */
  readonly mayMove: boolean;
}

export type SessionMachineState =
  | { readonly status: 'signedOut' }
  | {
      readonly status: 'signingIn';
      readonly userName: string;
      readonly hasPeer: boolean;
      readonly reopening?: Reopening;
      /** As in `SignedInState`, of a session that is being resumed. */
      readonly hasPolled?: boolean;
    }
  | ConnectedState
  | ReconnectingState
  | { readonly status: 'expired'; readonly agent: AgentView; readonly since: number }
  | { readonly status: 'signingOut'; readonly agent: AgentView };

export const initialSession: SessionMachineState = { status: 'signedOut' };

/** What is known of a session that was opened, whether RWS is there or not. */
export interface SignedInState {
  readonly agent: AgentView;
  readonly which: DataCentre;
  readonly hasPeer: boolean;
  /** How often in a row it was opened without lasting: what the next back-off starts from. */
  readonly attempt: number;
  /** The agent desktop polls, so that its silence ends the session. */
  readonly hasPolled: boolean;
  /** Since this process runs. */
  readonly lastPoll?: number;
}

export interface ConnectedState extends SignedInState {
  readonly status: 'connected';
  readonly since: number;
  readonly lastContact: number;
}

export interface ReconnectingState extends SignedInState {
  readonly status: 'reconnecting';
  readonly since: number;
  readonly reason: string;
  /** `restoring`: the gateway does it, on the same session. Otherwise a new session is opened. */
  readonly how: 'restoring' | Reopening;
}

/**
 * - `failover`: RWS has been away for `failoverAfterSeconds`
 * - `retry`: the back-off is over
 * - `failback`: look whether the primary is back
 * - `poll`: the agent desktop has not polled for `pingTimeoutSeconds`
 * - `stable`: the session has lasted
 * - `away`: RWS has been away long enough to tell somebody
 */
export type SessionTimer = 'failover' | 'retry' | 'failback' | 'poll' | 'stable' | 'away';

export type SessionEvent =
  | { readonly type: 'loginStarted'; readonly userName: string }
  /** The new credentials hold: the session that was open is on its way out. */
  | { readonly type: 'switching'; readonly userName: string }
  | { readonly type: 'loginFailed' }
  | { readonly type: 'storedSessionFound'; readonly userName: string; readonly hasPeer: boolean; readonly hasPolled: boolean }
  | { readonly type: 'opened'; readonly agent: AgentView; readonly which: DataCentre; readonly hasPeer: boolean }
  | { readonly type: 'reopened'; readonly agent: AgentView; readonly which: DataCentre }
  | { readonly type: 'reopenFailed'; readonly error: RwsError }
  | { readonly type: 'contact' }
  | { readonly type: 'interrupted'; readonly error: RwsError }
  | { readonly type: 'restored' }
  | { readonly type: 'ended'; readonly error: RwsError }
  | { readonly type: 'timer'; readonly name: SessionTimer }
  | { readonly type: 'primaryProbed'; readonly isReachable: boolean; readonly isRecording: boolean }
  | { readonly type: 'polled' }
  | { readonly type: 'logoutStarted' }
  | { readonly type: 'signedOut' }
  | { readonly type: 'suspended' }
  | { readonly type: 'resumed' }
  | { readonly type: 'networkChanged' };

export type SessionEffect =
  | { readonly type: 'setTimer'; readonly name: SessionTimer; readonly ms: number }
  | { readonly type: 'clearTimer'; readonly name: SessionTimer }
  /** Sign in and open a session there with the kept credentials; answers `reopened` or `reopenFailed`. A running one is given up. */
  | { readonly type: 'open'; readonly which: DataCentre }
  /** Gives up a running `open`. */
  | { readonly type: 'cancelOpen' }
  /** Drops the session without a word to RWS. */
  | { readonly type: 'dropSession' }
  | { readonly type: 'reconnectNow' }
  /** Answers `primaryProbed`. */
  | { readonly type: 'probePrimary' }
  /** Validates the agent at the primary, ends the peer's session, opens one there; answers `reopened`, or `ended` when nothing is left. */
  | { readonly type: 'returnToPrimary' }
  /** The desktop stopped polling: finish, end at RWS, forget the credentials. */
  | { readonly type: 'expire' }
  /** The first poll of a session: its end by silence must survive a restart. */
  | { readonly type: 'keepPolling' }
  /** RWS does not want this agent any more: finish, forget the credentials. */
  | { readonly type: 'giveUp'; readonly error: RwsError }
  | { readonly type: 'tellAway'; readonly reason: string }
  | { readonly type: 'tellBack' };

/** What the machine decides by, besides its state and the event. */
export interface SessionSurroundings extends SessionRules {
  /** Of `Clock.steady`. */
  readonly now: number;
}

export interface SessionRules {
  readonly pollTimeoutMs: number;
  readonly failoverAfterMs: number;
  readonly failbackProbeMs: number;
  readonly random: Random;
}

export interface SessionStep {
  readonly state: SessionMachineState;
  readonly effects: readonly SessionEffect[];
}
