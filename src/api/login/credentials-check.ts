import { delay, type Clock } from '../../lib/clock';
import type { Logger } from '../../lib/logger';
import { Serial } from '../../lib/serial';
import type { LoginRequest, ScreenRecordingService, SignedInSession } from '../../service/ports';
import type { Credentials } from '../../rws/ports';
import { isRwsError, RWS_STATUS } from '../../shared/rws-error';
import type { GivenCredentials } from './caller';
import { ApiError, notAuthenticated, retryAfter } from '../errors';
import type { LocalSessionStore } from './local-session';
import { toLoginRefusal } from './login-failure';
import { RefusedCredentials } from './refused-credentials';

/** How long a login waits for its turn among refused ones of other names, before it is told to come again. */
const MAX_PACE_WAIT_MS = 15_000;
/** A desktop stops polling for as long as it is told to: by far shorter than the polling time-out. */
const MAX_POLL_RETRY_MS = 10_000;
const OWED_POLL_MS = 5_000;

type Asked = 'login' | 'poll' | 'logout';

export interface CredentialsCheckDeps {
  readonly service: Pick<ScreenRecordingService, 'login' | 'current' | 'poll'>;
  readonly localSessions: LocalSessionStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The one place where credentials are checked: for logins at RWS, for polls and logouts against the open session. One limit is shared by all
 * three, so that none of them answers what another refuses to (local-api.md, *Refused credentials*).
 */
export class CredentialsCheck {
  readonly #deps: CredentialsCheckDeps;
  readonly #refused: RefusedCredentials;
  readonly #turns = new Serial();
  /** The session that a right poll came for while none was answered. */
  #owedPoll: string | undefined;

  constructor(deps: CredentialsCheckDeps) {
    this.#deps = deps;
    this.#refused = new RefusedCredentials(deps.clock);
  }

  /**
   * Signs in, one after the other, so that a refusal counts before the next one of that user goes to RWS; hands the session to `answer` in the
   * same turn. Throws what the caller is answered.
   */
  async signIn(login: LoginRequest, isWanted: () => boolean, answer: (session: SignedInSession) => void): Promise<void> {
    const { userName } = login.credentials;
    const { clock } = this.#deps;
    const giveUpAt = clock.steady() + MAX_PACE_WAIT_MS;
    for (;;) {
      const waitMs = await this.#turns.run(async () => {
        if (!isWanted()) return 0; // nobody waits for the answer any more
        this.#requireBelowLimit(userName);
        const paceMs = this.#paceMs(userName);
        if (paceMs === 0) answer(await this.#logIn(login));
        return paceMs;
      });
      if (waitMs === 0) return;
      if (clock.steady() + waitMs > giveUpAt) throw tooManyRefused(waitMs);
      await delay(clock, waitMs);
    }
  }

  /** The open session, if the caller proves to be its agent. Throws 401, the same whether or not anybody is signed in, or 429. */
  requireForLogout(given: GivenCredentials): SignedInSession {
    return this.#require(given, 'logout');
  }

  /** The same. A right poll beyond the limit gets 429 like every other, but keeps the session: whoever guesses cannot end it. */
  requireForPoll(given: GivenCredentials): SignedInSession {
    return this.#require(given, 'poll');
  }

  /** An agent whose session was resumed has signed in here before too. */
  #paceMs(userName: string): number {
    const current = this.#deps.service.current();
    if (current !== undefined) this.#refused.noteAccepted(current.user.userName);
    return this.#refused.paceMs(userName);
  }

  async #logIn(login: LoginRequest): Promise<SignedInSession> {
    const { credentials } = login;
    try {
      const session = await this.#deps.service.login(login);
      this.#refused.noteAccepted(credentials.userName);
      return session;
    } catch (error) {
      if (isRwsError(error, 'unauthenticated')) {
        this.#refused.noteRefused(credentials);
        this.#logRefused(credentials, 'login');
      }
      throw toLoginRefusal(error);
    }
  }

  #require(given: GivenCredentials, asked: Asked): SignedInSession {
    const { service, localSessions } = this.#deps;
    const session = service.current();
    if (session === undefined) throw notAuthenticated();
    if (given.type === 'cookie') {
      if (localSessions.acceptsCookie(session.sessionId, given.header)) return session;
      throw notAuthenticated();
    }
    this.#verify(session, given.credentials, asked);
    return session;
  }

  #verify(session: SignedInSession, credentials: Credentials, asked: Asked): void {
    const { sessionId } = session;
    if (this.#refused.isKnownWrong(sessionId, credentials)) throw notAuthenticated();
    const isRight = session.verify(credentials);
    const waitMs = this.#refused.waitMs(credentials.userName);
    if (waitMs > 0) {
      if (asked === 'poll' && isRight) this.#owePoll(sessionId);
      throw tooManyRefused(asked === 'poll' ? Math.min(waitMs, MAX_POLL_RETRY_MS) : waitMs);
    }
    if (isRight) return;
    this.#refused.noteWrong(sessionId, credentials);
    this.#logRefused(credentials, asked);
    throw notAuthenticated();
  }

  /** Later, and once for all of them: how long an answer takes must not tell that the password was right. */
  #owePoll(sessionId: string): void {
    const isUnderWay = this.#owedPoll !== undefined;
    this.#owedPoll = sessionId;
    if (isUnderWay) return;
    this.#deps.clock.after(OWED_POLL_MS, () => {
      const owed = this.#owedPoll;
      this.#owedPoll = undefined;
      if (owed !== undefined && this.#deps.service.current()?.sessionId === owed) this.#deps.service.poll(owed);
    });
  }

  #requireBelowLimit(userName: string): void {
    const waitMs = this.#refused.waitMs(userName);
    if (waitMs > 0) throw tooManyRefused(waitMs);
  }

  /** Without the name: it may be a password in the wrong field. */
  #logRefused({ userName }: Credentials, asked: Asked): void {
    const waitMs = this.#refused.waitMs(userName);
    this.#deps.log.warn('credentials refused', { asked, ...(waitMs > 0 ? { nextCheckInSeconds: Math.ceil(waitMs / 1000) } : {}) });
  }
}

function tooManyRefused(waitMs: number): ApiError {
  return new ApiError({
    httpStatus: 429,
    statusCode: RWS_STATUS.forbidden,
    message: 'Too many credentials were refused; wait before the next ones.',
    headers: retryAfter(waitMs),
  });
}
