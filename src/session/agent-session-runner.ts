import { setBy } from '../lib/clock';
import { Serial } from '../lib/serial';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import { AppError, describeError, isAppError } from '../shared/errors';
import type { RecordedAgent, RecordingCommand, StateReport } from '../shared/recording';
import { isRwsError, toRwsError, type RwsError } from '../shared/rws-error';
import type { ServerPair } from '../shared/server-pair';
import type { DataCentre, SessionState } from '../shared/snapshot';
import type { RwsUser } from '../rws/ports';
import { Connector, type OpenedSession } from './connection';
import { isSameCredentials, isSameLogin, toAgentView, type Identity } from './identity';
import { KeptCredentials } from './kept-credentials';
import { attemptLogin } from './login-attempts';
import { LoginServers } from './login-servers';
import { NamedTimers } from '../lib/named-timers';
import type { LoginRequest, SignedInSession } from './ports';
import { ReportQueue, type ReportSink } from './report-queue';
import type { NamedServers } from './server-gate';
import { SessionCloser } from './session-closer';
import { stepSession } from './session-machine';
import { awayProblem, refusedProblem } from './session-problems';
import type { SessionRunner, SessionRunnerDeps } from './session-runner';
import type { MachineState, SessionEffect, SessionEvent, SessionRules, TimerName } from './session-states';
import { toSessionState } from './session-view';
import { omitUndefined } from '../shared/omit-undefined';

/**
 * Carries out what the session machine decides. INVARIANTS: logins and logouts run one after the other; a session is opened only after
 * every earlier one was closed; whoever is taken out (`#take`) can neither receive commands nor be taken twice; credentials are in the
 * store only while their agent is signed in.
 */
export class AgentSessionRunner implements SessionRunner {
  readonly #deps: SessionRunnerDeps;
  readonly #rules: SessionRules;
  readonly #servers: LoginServers;
  readonly #connector: Connector;
  readonly #kept: KeptCredentials;
  readonly #timers: NamedTimers<TimerName>;
  readonly #reports: ReportQueue;
  readonly #calls = new Serial();
  readonly #closer: SessionCloser;
  readonly #states: Emitter<SessionState>;
  readonly #commands: Emitter<{ readonly command: RecordingCommand; readonly agent: RecordedAgent }>;
  readonly #life = new AbortController();
  #machine: MachineState = { status: 'signedOut' };
  #identity: Identity | undefined;
  #signedIn: SignedInSession | undefined;
  #open: OpenedSession | undefined;
  #opening: AbortController | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(deps: SessionRunnerDeps) {
    this.#deps = deps;
    const { settings, clock, log, random, gateway, gate } = deps;
    this.#rules = {
      pollTimeoutMs: settings.pingTimeoutSeconds * 1000,
      failoverAfterMs: settings.failoverAfterSeconds * 1000,
      failbackProbeMs: settings.failbackProbeSeconds * 1000,
      random,
    };
    const onListenerError = (error: unknown): void => log.error('a session listener failed', { error });
    this.#states = new Emitter(onListenerError);
    this.#commands = new Emitter(onListenerError);
    this.#servers = new LoginServers(deps);
    this.#kept = new KeptCredentials(deps);
    this.#kept.onFoundLater(() => void this.#calls.run(() => this.#resumeStored()));
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
        onContact: () => this.#dispatch({ type: 'contact' }),
        onInterrupted: (error) => this.#dispatch({ type: 'interrupted', error }),
        onRestored: () => this.#dispatch({ type: 'restored' }),
        onEnded: (error) => this.#dispatch({ type: 'ended', error }),
      },
    });
    this.#closer = new SessionCloser({ ...deps, connector: this.#connector, kept: this.#kept, reports: this.#reports });
  }

  start(): Promise<void> {
    // Not among the calls: a login does not wait for a keychain.
    this.#started ??= this.#kept.load().then(() => this.#calls.run(() => this.#resumeStored()));
    return this.#started;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    return this.#stopped;
  }

  checkServers(named: NamedServers): void {
    this.#servers.find(named);
  }

  login(request: LoginRequest): Promise<SignedInSession> {
    return this.#calls.run(() => this.#login(request));
  }

  logout(sessionId: string): Promise<void> {
    return this.#calls.run(async () => {
      if (this.#signedIn?.sessionId !== sessionId) return;
      this.#dispatch({ type: 'logoutStarted' });
      await this.#close('logout');
      this.#dispatch({ type: 'signedOut' });
    });
  }

  current(): SignedInSession | undefined {
    return this.#signedIn;
  }

  poll(sessionId: string): void {
    if (this.#signedIn?.sessionId === sessionId) this.#dispatch({ type: 'polled' });
  }

  state(): SessionState {
    const { clock } = this.#deps;
    return toSessionState(this.#machine, this.#identity?.servers, setBy(clock.now() - clock.steady()));
  }

  onState(listener: (state: SessionState) => void): Unsubscribe {
    return this.#states.subscribe(listener);
  }

  onCommand(listener: (command: RecordingCommand, agent: RecordedAgent) => void): Unsubscribe {
    return this.#commands.subscribe(({ command, agent }) => listener(command, agent));
  }

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

  async #resumeStored(): Promise<void> {
    const stored = this.#kept.found;
    if (stored === undefined || this.#machine.status !== 'signedOut' || this.#life.signal.aborted) return;
    const servers = this.#deps.gate.stillAllowed(stored.servers);
    if (servers !== undefined) return this.#resume({ ...stored, servers, sessionId: this.#deps.newId() });
    this.#deps.log.warn('the stored session is not resumed: its server is not allowed any more');
    await this.#kept.clear();
  }

  #resume(identity: Identity): void {
    this.#identity = identity;
    const { credentials, servers, hasPolled = false } = identity;
    const hasPeer = servers.peer !== undefined;
    this.#dispatch({ type: 'storedSessionFound', userName: credentials.userName, hasPeer, hasPolled });
  }

  async #login(request: LoginRequest): Promise<SignedInSession> {
    if (this.#life.signal.aborted) throw new AppError('aborted', 'The service is stopping.');
    const { credentials, details } = request;
    const servers = this.#servers.find(request);
    const wanted: Identity = { credentials, servers, details, sessionId: this.#deps.newId() };
    if (this.#signedIn !== undefined && this.#machine.status === 'connected' && this.#identity && isSameLogin(this.#identity, wanted)) {
      return this.#signedIn;
    }
    // Until the new credentials hold, a session that is being resumed stays wanted.
    const resuming = this.#machine.status === 'signingIn' ? this.#identity : undefined;
    this.#dispatch({ type: 'loginStarted', userName: credentials.userName });
    if (this.#machine.status === 'signingIn') this.#identity = undefined;
    this.#deps.gateway.forgiveRefusals(credentials);
    try {
      const opened = await this.#attempt(wanted, servers);
      return this.#adoptLogin(wanted, opened);
    } catch (error) {
      this.#noteFailedLogin(error);
      if (resuming !== undefined && !this.#life.signal.aborted) this.#resume(resuming);
      throw error;
    }
  }

  #attempt(wanted: Identity, servers: ServerPair): Promise<OpenedSession> {
    const { clock, random, log, settings } = this.#deps;
    return attemptLogin(
      { clock, random, log, timeoutMs: settings.timeoutSeconds * 1000 },
      {
        servers,
        signal: this.#life.signal,
        signIn: (server, signal) => this.#connector.signIn(wanted, server, signal),
        open: (login, which, signal) => this.#connector.openSession(wanted, login, { which, signal }),
        onValidated: async () => {
          if (this.#machine.status !== 'signingIn') this.#dispatch({ type: 'switching', userName: wanted.credentials.userName });
          await this.#close('the next agent signed in');
        },
      },
    );
  }

  #adoptLogin(identity: Identity, opened: OpenedSession): SignedInSession {
    this.#identity = identity;
    this.#adopt(identity, opened);
    const { which, login } = opened;
    const agent = toAgentView(login.user, identity.details);
    this.#dispatch({ type: 'opened', agent, which, hasPeer: identity.servers.peer !== undefined });
    void this.#kept.save(identity);
    opened.channel.release();
    return this.#signedIn ?? this.#toSignedIn(identity, login.user);
  }

  #noteFailedLogin(error: unknown): void {
    const wasSigningIn = this.#machine.status === 'signingIn';
    this.#dispatch({ type: 'loginFailed' });
    if (wasSigningIn && isShown(error)) this.#deps.problems.raise(awayProblem(describeError(error)));
  }

  /** The session is the current one from here on. The login before it goes to the upload queue, which drops it for the new one. */
  #adopt(identity: Identity, opened: OpenedSession): void {
    const before = this.#open;
    before?.channel.close();
    this.#open = opened;
    this.#signedIn = this.#toSignedIn(identity, opened.login.user);
    this.#deps.hooks.openedLogin(opened.login, opened.servers);
    if (before !== undefined) this.#deps.hooks.releaseLogin(before.login, before.servers);
    void this.#reports.flush(this.#reportSink());
  }

  #toSignedIn({ sessionId, credentials }: Identity, user: RwsUser): SignedInSession {
    return { sessionId, user, verify: (other) => isSameCredentials(credentials, other) };
  }

  /** Takes the current session out and closes it. Resolves when every closing so far is complete. */
  #close(reason: string): Promise<void> {
    const open = this.#open;
    const wasSignedIn = this.#signedIn !== undefined;
    this.#open = undefined;
    this.#signedIn = undefined;
    this.#identity = undefined;
    return wasSignedIn ? this.#closer.close(open, reason) : this.#closer.idle();
  }

  /** A session that was only being resumed has nothing to close, but its credentials are kept. */
  #leave(reason: string): void {
    const wasSignedIn = this.#signedIn !== undefined;
    void this.#close(reason);
    if (!wasSignedIn) void this.#kept.clear();
  }

  async #shutDown(): Promise<void> {
    this.#life.abort();
    this.#opening?.abort();
    this.#timers.clearAll();
    await this.#calls.idle();
    await this.#closer.idle();
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) {
      await this.#reports.flush(this.#connector.toReportSink(open));
      await this.#connector.end(open);
      open.login.discard();
    }
    this.#signedIn = undefined;
    this.#identity = undefined;
    this.#dispatch({ type: 'signedOut' });
  }

  #reportSink(): ReportSink | undefined {
    const open = this.#open ?? this.#closer.current;
    if (open === undefined || (this.#machine.status === 'reconnecting' && this.#machine.how !== 'mending')) return undefined;
    return this.#connector.toReportSink(open);
  }

  #onCommand(command: RecordingCommand): void {
    const open = this.#open;
    const place = this.#identity?.details.place;
    if (open === undefined) return;
    const { user } = open.login;
    const agent: RecordedAgent = {
      userName: user.userName,
      servers: open.servers,
      ...omitUndefined({ place, contactCenterId: user.contactCenterId }),
    };
    this.#commands.emit({ command, agent });
  }

  #dispatch(event: SessionEvent): void {
    const before = this.#machine;
    const { state, effects } = stepSession(before, event, this.#deps.clock.steady(), this.#rules);
    this.#machine = state;
    for (const effect of effects) this.#perform(effect);
    if (event.type === 'restored') void this.#reports.flush(this.#reportSink());
    if (state !== before) this.#states.emit(this.state());
  }

  #perform(effect: SessionEffect): void {
    switch (effect.type) {
      case 'setTimer':
        return this.#timers.set(effect.name, effect.ms);
      case 'clearTimer':
        return this.#timers.clear(effect.name);
      case 'open':
        return void this.#reopen(effect.which);
      case 'cancelOpen':
        return this.#opening?.abort();
      case 'dropSession':
        return this.#dropSession();
      case 'reconnectNow':
        return this.#open?.session.reconnectNow();
      case 'probePrimary':
        return void this.#probePrimary();
      case 'returnToPrimary':
        return void this.#returnToPrimary();
      case 'expire':
        return this.#leave('the agent desktop stopped polling');
      case 'keepPolling':
        return this.#keepPolling();
      case 'giveUp':
        return this.#giveUp(effect.error);
      case 'tellAway':
        return this.#deps.problems.raise(awayProblem(effect.reason));
      case 'tellBack':
        this.#deps.problems.clear('rwsUnreachable');
        return this.#deps.problems.clear('credentialsRefused');
    }
  }

  /** The login stays: uploads may still get through with it. */
  #dropSession(): void {
    this.#open?.channel.close();
    this.#open?.session.discard();
  }

  #giveUp(error: RwsError): void {
    this.#deps.problems.clear('rwsUnreachable');
    this.#deps.problems.raise(refusedProblem(error.statusMessage));
    this.#leave('RWS does not accept the agent any more');
  }

  #keepPolling(): void {
    if (this.#identity !== undefined) void this.#kept.save({ ...this.#identity, hasPolled: true });
  }

  async #reopen(which: DataCentre): Promise<void> {
    const identity = this.#identity;
    if (identity === undefined) return;
    const { signal } = this.#renewOpening();
    try {
      const login = await this.#connector.signInWithin(identity, which, signal);
      const opened = await this.#connector.openWithin(identity, login, { which, parent: signal });
      this.#adoptReopened(identity, opened, signal);
    } catch (error) {
      if (!signal.aborted) this.#dispatch({ type: 'reopenFailed', error: toRwsError(error, describeError(error)) });
    }
  }

  #adoptReopened(identity: Identity, opened: OpenedSession, signal: AbortSignal): void {
    if (signal.aborted) {
      opened.channel.close();
      opened.session.discard();
      opened.login.discard();
      return;
    }
    this.#adopt(identity, opened);
    this.#dispatch({ type: 'reopened', agent: toAgentView(opened.login.user, identity.details), which: opened.which });
    void this.#reports.flush(this.#reportSink());
    opened.channel.release();
  }

  #renewOpening(): AbortController {
    this.#opening?.abort();
    this.#opening = new AbortController();
    return this.#opening;
  }

  async #probePrimary(): Promise<void> {
    const identity = this.#identity;
    if (identity === undefined) return;
    const isReachable = await this.#connector.probePrimary(identity, this.#life.signal);
    if (identity !== this.#identity || this.#life.signal.aborted) return;
    this.#dispatch({ type: 'primaryProbed', isReachable, isRecording: this.#deps.hooks.isRecording() });
  }

  /** Validated first, then the peer's session ends, then the primary's opens: never two sessions, never none by mistake. */
  async #returnToPrimary(): Promise<void> {
    const identity = this.#identity;
    if (identity === undefined) return;
    const { signal } = this.#renewOpening();
    let isBetween = false;
    try {
      const login = await this.#connector.signInWithin(identity, 'primary', signal);
      const onPeer = this.#open;
      if (signal.aborted || onPeer === undefined || this.#machine.status !== 'connected' || this.#deps.hooks.isRecording()) {
        login.discard();
        if (!signal.aborted) this.#dispatch({ type: 'primaryProbed', isReachable: false, isRecording: true });
        return;
      }
      isBetween = true;
      await this.#connector.end(onPeer);
      const opened = await this.#connector.openWithin(identity, login, { which: 'primary', parent: signal });
      this.#adoptReopened(identity, opened, signal);
    } catch (error) {
      if (signal.aborted || isAppError(error, 'aborted')) return;
      const failure = toRwsError(error, describeError(error));
      this.#dispatch(isBetween ? { type: 'ended', error: failure } : { type: 'reopenFailed', error: failure });
    }
  }
}

/** A login that found no way to RWS, or none because of our own fault; what RWS says of an agent is between it and the desktop. */
function isShown(error: unknown): boolean {
  if (isRwsError(error)) return error.kind !== 'unauthenticated' && error.kind !== 'refused';
  return !isAppError(error, 'aborted') && !isAppError(error, 'invalidRequest');
}
