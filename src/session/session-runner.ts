import type { Random } from '../lib/backoff';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import type { Unsubscribe } from '../shared/emitter';
import type { ProblemReporter } from '../shared/problems';
import type { RecordedAgent, RecordingCommand, StateReport } from '../shared/recording';
import type { ServerPair } from '../shared/server-pair';
import type { SessionState } from '../shared/snapshot';
import type { RwsGateway, RwsLogin } from '../rws/ports';
import type { CredentialStore, LoginRequest, SignedInSession } from './ports';
import type { NamedServers, ServerGate } from './server-gate';
import { AgentSessionRunner } from './agent-session-runner';

export interface SessionRunnerDeps {
  readonly gateway: RwsGateway;
  readonly store: CredentialStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly newId: () => string;
  readonly problems: ProblemReporter;
  readonly gate: ServerGate;
  readonly settings: {
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
  releaseLogin(login: RwsLogin, servers: ServerPair): void;
  openedLogin(login: RwsLogin, servers: ServerPair): void;
}

/** The agent's session at RWS, as the service drives it. `start` and `stop` are memoised. */
export interface SessionRunner {
  /** Resumes the stored session, in the background. */
  start(): Promise<void>;
  /** Ends the session at RWS; what the store holds stays, so that the next start resumes it. */
  stop(): Promise<void>;
  /** Throws as `ServerGate.pairFor`, at once: nothing waits and nothing is sent. */
  checkServers(named: NamedServers): void;
  login(request: LoginRequest): Promise<SignedInSession>;
  logout(sessionId: string): Promise<void>;
  current(): SignedInSession | undefined;
  poll(sessionId: string): void;
  state(): SessionState;
  onState(listener: (state: SessionState) => void): Unsubscribe;
  onCommand(listener: (command: RecordingCommand, agent: RecordedAgent) => void): Unsubscribe;
  /**
   * Never throws; what cannot be sent now is sent when the session is back.
   * @param recordedFor the pair that commanded the recording: no other one hears of it
   */
  report(report: StateReport, recordedFor: ServerPair | undefined): Promise<void>;
  suspended(): void;
  resumed(): void;
  networkChanged(): void;
}

export function createSessionRunner(deps: SessionRunnerDeps): SessionRunner {
  return new AgentSessionRunner(deps);
}
