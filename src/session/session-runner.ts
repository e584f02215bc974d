import type { Random } from '../lib/backoff';
import { setBy, type Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { NamedTimers } from '../lib/named-timers';
import { Serial } from '../lib/serial';
import type { RwsGateway } from '../rws/ports';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import type { ProblemReporter } from '../shared/problems';
import type { RecordedAgent, RecordingCommand, StateReport } from '../shared/recording';
import type { RwsError } from '../shared/rws-error';
import type { ServerPair } from '../shared/server-pair';
import type { SessionState } from '../shared/snapshot';
import { Connector, type Connection } from './connector';
import { CurrentSession } from './current-session';
import type { Identity } from './identity';
import { KeptCredentials } from './kept-credentials';
import { LoginServers } from './login-servers';
import type { CredentialStore, LoginRequest, SessionHooks, SignedInSession } from './ports';
import { ReportQueue, type ReportSink } from './report-queue';
import type { NamedServers, ServerGate } from './server-gate';
import { SessionCloser } from './session-closer';
import { SessionLogin } from './session-login';
import { stepSession } from './session-machine';
import { SessionReopener } from './session-reopener';
import { toSessionRules, type SessionSettings } from './session-rules';
import {
  initialSession,
  type SessionEffect,
  type SessionEvent,
  type SessionMachineState,
  type SessionRules,
  type SessionTimer,
} from './session-states';
import { toSessionState } from './session-view';

export interface SessionRunnerDeps {
  readonly gateway: RwsGateway;
  readonly store: CredentialStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly newId: () => string;
  readonly problems: ProblemReporter;
  readonly gate: ServerGate;
  readonly settings: SessionSettings & { readonly timeoutSeconds: number };
  readonly hooks: SessionHooks;
}

/**
 * The agent's session at RWS, as the service drives it: carries out what the session machine decides. `start` and `stop` are memoised.
 * INVARIANTS: logins and logouts run one after the other; a session is opened only after every earlier one was closed; credentials are in
 * the store only while their agent is signed in.
 */
export class SessionRunner {
  readonly #deps: SessionRunnerDeps;
  readonly #rules: SessionRules;
  readonly #servers: LoginServers;
  readonly #connector: Connector;
  readonly #kept: KeptCredentials;
  readonly #timers: NamedTimers<SessionTimer>;
  readonly #reports: ReportQueue;
  readonly #calls = new Serial();
  readonly #closer: SessionCloser;
  readonly #states: Emitter<SessionState>;
  readonly #commands: Emitter<{ readonly command: RecordingCommand; readonly agent: RecordedAgent }>;
  readonly #life = new AbortController();
  readonly #current: CurrentSession;
  readonly #login: SessionLogin;
  readonly #reopener: SessionReopener;
  #machine: SessionMachineState = initialSession;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(deps: SessionRunnerDeps) {
    this.#deps = deps;
    const { settings, clock, log, random, gateway, gate } = deps;
    this.#rules = toSessionRules(settings, random);
    const onListenerError = (error: unknown): void => log.error('a session listener failed', { error });
    this.#states = new Emitter(onListenerError);
    this.#commands = new Emitter(onListenerError);
    this.#servers = new LoginServers(deps);
    this.#kept = new KeptCredentials(deps);
    this.#kept.onFoundLater(() => void this.#calls.run(() => this.#login.resumeStored()));
    this.#reports = new ReportQueue(log);
    this.#timers = new NamedTimers(clock, (name) => this.#dispatch({ type: 'timer', name }));
    this.#connector = new Connector({
      gateway,
      gate,
      clock,
      log,
      timeoutMs: settings.timeoutSeconds * 1000,
      listener: {
        onCommand: (command) => this.#onCommand(command),
        onStartRefused: ({ statusMessage }) => deps.problems.raise('startOperationRefused', { reason: statusMessage }),
        onContact: () => this.#dispatch({ type: 'contact' }),
        onInterrupted: (error) => this.#dispatch({ type: 'interrupted', error }),
        onRestored: () => this.#dispatch({ type: 'restored' }),
        onEnded: (error) => this.#dispatch({ type: 'ended', error }),
      },
    });
    this.#closer = new SessionCloser({ ...deps, connector: this.#connector, kept: this.#kept, reports: this.#reports });
    this.#current = new CurrentSession(deps.hooks);
    const machine = { status: () => this.#machine.status, onEvent: (event: SessionEvent): void => this.#dispatch(event) };
    this.#login = new SessionLogin({
      ...deps,
      ...machine,
      connector: this.#connector,
      current: this.#current,
      kept: this.#kept,
      servers: this.#servers,
      timeoutMs: settings.timeoutSeconds * 1000,
      life: this.#life.signal,
      onOpened: (identity, connection) => this.#adopt(identity, connection),
      close: (reason) => this.#close(reason),
    });
    this.#reopener = new SessionReopener({
      ...machine,
      connector: this.#connector,
      current: this.#current,
      hooks: deps.hooks,
      onOpened: (identity, connection) => void this.#adopt(identity, connection),
    });
  }

  /** Resumes the stored session, in the background. */
  start(): Promise<void> {
    // Not among the calls: a login does not wait for a keychain.
    this.#started ??= this.#kept.load().then(() => this.#calls.run(() => this.#login.resumeStored()));
    return this.#started;
  }

  /** Ends the session at RWS; what the store holds stays, so that the next start resumes it. */
  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    return this.#stopped;
  }

  /** Throws as `ServerGate.pairsFor`, at once: nothing waits and nothing is sent. */
  checkServers(named: NamedServers): void {
    this.#servers.findAll(named);
  }

  login(request: LoginRequest): Promise<SignedInSession> {
    return this.#calls.run(() => this.#login.logIn(request));
  }

  logout(sessionId: string): Promise<void> {
    return this.#calls.run(async () => {
      if (this.#current.signedIn?.sessionId !== sessionId) return;
      this.#dispatch({ type: 'logoutStarted' });
      await this.#close('logout');
      this.#dispatch({ type: 'signedOut' });
    });
  }

  current(): SignedInSession | undefined {
    return this.#current.signedIn;
  }

  poll(sessionId: string): void {
    if (this.#current.signedIn?.sessionId === sessionId) this.#dispatch({ type: 'polled' });
  }

  state(): SessionState {
    const { clock } = this.#deps;
    return toSessionState(this.#machine, this.#current.identity?.servers, setBy(clock.now() - clock.steady()));
  }

  onState(listener: (state: SessionState) => void): Unsubscribe {
    return this.#states.subscribe(listener);
  }

  onCommand(listener: (command: RecordingCommand, agent: RecordedAgent) => void): Unsubscribe {
    return this.#commands.subscribe(({ command, agent }) => listener(command, agent));
  }

  /**
   * Never throws; what cannot be sent now is sent when the session is back.
   * @param recordedFor the pair that commanded the recording: no other one hears of it
   */
  report(report: StateReport, recordedFor: ServerPair | undefined): Promise<void> {
    return this.#reports.add({ report, recordedFor }, this.#reportSink());
  }

  suspended(): void {
    this.#dispatch({ type: 'suspended' });
  }

  resumed(): void {
    this.#dispatch({ type: 'resumed' });
  }

  networkChanged(): void {
    this.#dispatch({ type: 'networkChanged' });
  }

  #adopt(identity: Identity, connection: Connection): SignedInSession {
    this.#deps.problems.clear('startOperationRefused');
    const signedIn = this.#current.adopt(identity, connection);
    void this.#reports.flush(this.#reportSink());
    return signedIn;
  }

  /** Takes the current session out and closes it. Resolves when every closing so far is complete. */
  #close(reason: string): Promise<void> {
    const wasSignedIn = this.#current.signedIn !== undefined;
    const connection = this.#current.takeConnection();
    this.#current.clear();
    return wasSignedIn ? this.#closer.close(connection, reason) : this.#closer.idle();
  }

  /** A session that was only being resumed has nothing to close, but its credentials are kept. */
  #leave(reason: string): void {
    const wasSignedIn = this.#current.signedIn !== undefined;
    void this.#close(reason);
    if (!wasSignedIn) void this.#kept.clear();
  }

  async #shutDown(): Promise<void> {
    this.#life.abort();
    this.#reopener.cancel();
    this.#timers.clearAll();
    await this.#calls.idle();
    await this.#closer.idle();
    const connection = this.#current.takeConnection();
    if (connection !== undefined) {
      await this.#reports.flush(this.#connector.toReportSink(connection));
      await this.#connector.end(connection);
      connection.login.discard();
    }
    this.#current.clear();
    this.#dispatch({ type: 'signedOut' });
  }

  #reportSink(): ReportSink | undefined {
    const connection = this.#current.connection ?? this.#closer.current;
    if (connection === undefined || (this.#machine.status === 'reconnecting' && this.#machine.how !== 'restoring')) return undefined;
    return this.#connector.toReportSink(connection);
  }

  #onCommand(command: RecordingCommand): void {
    const agent = this.#current.recordedAgent();
    if (agent !== undefined) this.#commands.emit({ command, agent });
  }

  #dispatch(event: SessionEvent): void {
    const before = this.#machine;
    const { state, effects } = stepSession(before, event, { ...this.#rules, now: this.#deps.clock.steady() });
    this.#machine = state;
    for (const effect of effects) this.#perform(effect);
    if (event.type === 'restored' || event.type === 'reopened') void this.#reports.flush(this.#reportSink());
    if (state !== before) this.#states.emit(this.state());
  }

  #perform(effect: SessionEffect): void {
    switch (effect.type) {
      case 'setTimer':
        return this.#timers.set(effect.name, effect.ms);
      case 'clearTimer':
        return this.#timers.clear(effect.name);
      case 'open':
        return void this.#reopener.reopen(effect.which);
      case 'cancelOpen':
        return this.#reopener.cancel();
      case 'dropSession':
        return this.#current.drop();
      case 'reconnectNow':
        return this.#current.connection?.session.reconnectNow();
      case 'probePrimary':
        return void this.#reopener.probePrimary(this.#life.signal);
      case 'returnToPrimary':
        return void this.#reopener.returnToPrimary();
      case 'expire':
        return this.#leave('the agent desktop stopped polling');
      case 'keepPolling':
        return this.#keepPolling();
      case 'giveUp':
        return this.#giveUp(effect.error);
      case 'tellAway':
        return this.#deps.problems.raise('rwsUnreachable', { reason: effect.reason });
      case 'tellBack':
        this.#deps.problems.clear('rwsUnreachable');
        return this.#deps.problems.clear('credentialsRefused');
    }
  }

  #giveUp(error: RwsError): void {
    this.#deps.problems.clear('rwsUnreachable');
    this.#deps.problems.raise('credentialsRefused', { reason: error.statusMessage });
    this.#leave('RWS does not accept the agent any more');
  }

  #keepPolling(): void {
    const { identity } = this.#current;
    if (identity !== undefined) void this.#kept.save({ ...identity, hasPolled: true });
  }
}
