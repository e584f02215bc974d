import type {
  RwsHttp,
  Credentials,
  RwsGateway,
  RwsLogin,
  RwsSession,
  RwsSessionListener,
  RwsUser,
  SessionDetails,
} from '../../src/rws/ports';
import { AppError } from '../../src/shared/errors';
import type { StateReport } from '../../src/shared/recording';
import { RwsError, type RwsErrorKind } from '../../src/shared/rws-error';

/** What a question to the fake is answered with; the answer may be any time later. */
class Question<T> {
  readonly answer: Promise<T>;
  #resolve: (value: T) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(readonly signal: AbortSignal) {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    signal.addEventListener('abort', () => this.#reject(new AppError('aborted', 'cancelled')), { once: true });
  }

  protected succeed(value: T): void {
    this.#resolve(value);
  }

  refuse(error: Error): void {
    this.#reject(error);
  }
}

export class SignInQuestion extends Question<RwsLogin> {
  constructor(
    readonly server: string,
    readonly credentials: Credentials,
    signal: AbortSignal,
    private readonly gateway: FakeRwsGateway,
  ) {
    super(signal);
  }

  accept(user: Partial<RwsUser> = {}): FakeRwsLogin {
    const login = new FakeRwsLogin(this.server, { userName: this.credentials.userName, ...user }, this.gateway);
    this.gateway.logins.push(login);
    this.succeed(login);
    return login;
  }
}

export class OpenQuestion extends Question<RwsSession> {
  constructor(
    readonly login: FakeRwsLogin,
    readonly details: SessionDetails,
    readonly listener: RwsSessionListener,
    signal: AbortSignal,
  ) {
    super(signal);
  }

  accept(): FakeRwsSession {
    const session = new FakeRwsSession(this.login, this.listener);
    this.login.sessions.push(session);
    this.succeed(session);
    return session;
  }
}

/**
 * RWS as a conversation: `const call = await gateway.nextSignIn(); const login = call.accept(); (await gateway.nextOpen()).accept()`.
 * With `script` it answers by itself: an error refuses, `undefined` accepts.
 */
export class FakeRwsGateway implements RwsGateway {
  readonly logins: FakeRwsLogin[] = [];
  readonly signIns: SignInQuestion[] = [];
  /** Servers the probe finds. */
  readonly reachable = new Set<string>();
  script: ((server: string, step: 'signIn' | 'open') => Error | undefined) | undefined;
  /** Whose refusals were forgiven; `undefined`: everybody's. */
  readonly forgiven: (string | undefined)[] = [];
  readonly #signIns = new Queue<SignInQuestion>();
  readonly #opens = new Queue<OpenQuestion>();

  signIn(server: string, credentials: Credentials, signal: AbortSignal): Promise<RwsLogin> {
    const question = new SignInQuestion(server, credentials, signal, this);
    this.signIns.push(question);
    this.#ask(question, this.#signIns, server, 'signIn');
    return question.answer;
  }

  forgiveRefusals(credentials?: Credentials): void {
    this.forgiven.push(credentials?.userName);
  }

  async isReachable(server: string): Promise<boolean> {
    return this.reachable.has(server);
  }

  open(question: OpenQuestion): Promise<RwsSession> {
    this.#ask(question, this.#opens, question.login.http.server, 'open');
    return question.answer;
  }

  nextSignIn(): Promise<SignInQuestion> {
    return this.#signIns.next();
  }

  nextOpen(): Promise<OpenQuestion> {
    return this.#opens.next();
  }

  /** The session that is open now: the one opened last. */
  get session(): FakeRwsSession {
    const session = this.logins.flatMap((login) => login.sessions).at(-1);
    if (session === undefined) throw new Error('no session was opened');
    return session;
  }

  get openSessions(): readonly FakeRwsSession[] {
    return this.logins.flatMap((login) => login.sessions).filter((session) => !session.isOver);
  }

  #ask<Q extends SignInQuestion | OpenQuestion>(question: Q, queue: Queue<Q>, server: string, step: 'signIn' | 'open'): void {
    if (this.script === undefined) return queue.put(question);
    const error = this.script(server, step);
    if (error === undefined) question.accept();
    else question.refuse(error);
  }
}

export class FakeRwsLogin implements RwsLogin {
  readonly http: RwsHttp;
  readonly sessions: FakeRwsSession[] = [];
  isDiscarded = false;

  constructor(
    server: string,
    readonly user: RwsUser,
    private readonly gateway: FakeRwsGateway,
  ) {
    this.http = {
      server,
      userName: user.userName,
      request: async () => ({ status: 200, headers: {}, body: { statusCode: 0 } }),
      refresh: async () => undefined,
    };
  }

  openSession(details: SessionDetails, listener: RwsSessionListener, signal: AbortSignal): Promise<RwsSession> {
    return this.gateway.open(new OpenQuestion(this, details, listener, signal));
  }

  discard(): void {
    this.isDiscarded = true;
  }
}

export class FakeRwsSession implements RwsSession {
  /** Of the server it was opened at. */
  readonly http: RwsHttp;
  readonly reports: StateReport[] = [];
  reconnects = 0;
  isEnded = false;
  isDiscarded = false;
  /** RWS does not answer the goodbye. */
  isDeaf = false;
  reportError: RwsError | undefined;

  constructor(
    login: FakeRwsLogin,
    readonly listener: RwsSessionListener,
  ) {
    this.http = login.http;
  }

  get isOver(): boolean {
    return this.isEnded || this.isDiscarded;
  }

  async report(report: StateReport): Promise<void> {
    if (this.reportError !== undefined) throw this.reportError;
    this.reports.push(report);
  }

  reconnectNow(): void {
    this.reconnects += 1;
  }

  end(signal: AbortSignal): Promise<void> {
    this.isEnded = true;
    if (!this.isDeaf) return Promise.resolve();
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new AppError('aborted', 'cancelled'))));
  }

  discard(): void {
    this.isDiscarded = true;
  }
}

export function rwsError(kind: RwsErrorKind, details: { statusCode?: number; httpStatus?: number; retryAfterMs?: number } = {}): RwsError {
  return new RwsError({ kind, statusMessage: `fake ${kind}`, ...details });
}

/** Hands things over to whoever waits for them, in order. */
class Queue<T> {
  readonly #ready: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  put(item: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#ready.push(item);
    else waiting(item);
  }

  next(): Promise<T> {
    const item = this.#ready.shift();
    return item === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(item);
  }
}
