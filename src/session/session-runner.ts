import type { Random } from '../lib/backoff';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import type { Unsubscribe } from '../shared/emitter';
import type { ProblemReporter } from '../shared/problems';
import type { RecordedAgent, RecordingCommand, StateReport } from '../shared/recording';
import type { SessionState } from '../shared/snapshot';
import type { RwsHttp } from '../rws/ports';
import type { CredentialStore, Credentials, LoginRequest, RwsGateway, RwsLogin, RwsUser, SignedInSession } from './ports';
import { AgentSessionRunner } from './agent-session-runner';

export interface SessionRunnerDeps {
  readonly gateway: RwsGateway;
  readonly store: CredentialStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly newId: () => string;
  readonly problems: ProblemReporter;
  readonly settings: {
    readonly server?: string;
    readonly peer_server?: string;
    readonly pingTimeoutSeconds: number;
    readonly failoverAfterSeconds: number;
    readonly failbackProbeSeconds: number;
    readonly timeoutSeconds: number;
  };
  readonly hooks: SessionHooks;
}

export interface SessionHooks {
  /** Finishes a running recording and keeps it; resolves when it is safe on disk. */
  finishRecording(reason: string): Promise<void>;
  isRecording(): boolean;
  /** A session is over: the upload queue may go on with `login.http`, and discards the login when it has done. */
  releaseLogin(login: RwsLogin, credentials: Credentials): void;
  openedLogin(login: RwsLogin, credentials: Credentials): void;
}

/** The agent's session at RWS, as the service drives it. `start` and `stop` are memoised. */
export interface SessionRunner {
  /** Resumes the stored session, in the background. */
  start(): Promise<void>;
  /** Ends the session at RWS; what the store holds stays, so that the next start resumes it. */
  stop(): Promise<void>;
  login(request: LoginRequest): Promise<SignedInSession>;
  logout(sessionId: string): Promise<void>;
  current(): SignedInSession | undefined;
  poll(sessionId: string): void;
  state(): SessionState;
  onState(listener: (state: SessionState) => void): Unsubscribe;
  onCommand(listener: (command: RecordingCommand, agent: RecordedAgent) => void): Unsubscribe;
  /** Never throws; what cannot be sent now is sent when the session is back. */
  report(report: StateReport): Promise<void>;
  live(): { readonly user: RwsUser; readonly http: RwsHttp } | undefined;
  suspended(): void;
  resumed(): void;
  networkChanged(): void;
}

export function createSessionRunner(deps: SessionRunnerDeps): SessionRunner {
  return new AgentSessionRunner(deps);
}
