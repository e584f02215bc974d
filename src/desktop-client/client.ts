import { isClientError, ScreenRecordingClientError } from './errors';
import { aborted, LocalApi } from './local-api';
import { lookUpLoopbackAccess, type LoopbackAccess } from './loopback-access';
import { systemTimers } from './timers';
import type { ClientState, LoginConfiguration, ScreenRecordingClient, ScreenRecordingClientOptions, SignedInUser, Timers } from './types';

const DEFAULT_PING_INTERVAL_SECONDS = 20;
/** A session that is lost more often than this was taken by another desktop. Both signing in again would take it from each other without end. */
const MAX_RELOGINS = 2;
const RELOGIN_WINDOW_MS = 5 * 60_000;

/** A client for agent desktops: signs the agent in at the Screen Recording Service on this computer and keeps the session alive. */
export function createScreenRecordingClient(options: ScreenRecordingClientOptions): ScreenRecordingClient {
  return new PollingClient(options);
}

/**
 * INVARIANTS: one call at a time decides the state: starting a login or logout takes the place of whatever is under way, whose answer is then dropped.
 * Polls run only while `signedIn` or `reconnecting`.
 */
class PollingClient implements ScreenRecordingClient {
  readonly #options: ScreenRecordingClientOptions;
  readonly #api: LocalApi;
  readonly #timers: Timers;
  #state: ClientState = { status: 'signedOut' };
  #current = new AbortController();
  #pendingLogin: Promise<unknown> = Promise.resolve();
  #stopTimer: (() => void) | undefined;
  #isPolling = false;
  /** When the client last signed in again by itself, epoch milliseconds. */
  #relogins: readonly number[] = [];
  /** A poll has succeeded since `login()`. */
  #hasPolled = false;
  #notBefore = 0;

  constructor(options: ScreenRecordingClientOptions) {
    this.#options = options;
    this.#api = new LocalApi(options);
    this.#timers = options.timers ?? systemTimers;
  }

  get state(): ClientState {
    return this.#state;
  }

  login(): Promise<SignedInUser> {
    const login = this.#login();
    this.#pendingLogin = login.catch(() => undefined);
    return login;
  }

  async logout(): Promise<void> {
    // The service may have opened the session already; cut off now, it would stay open unpolled, for ever.
    if (this.#state.status === 'signingIn') await this.#pendingLogin;
    const signal = this.#takeOver();
    if (!('user' in this.#state)) {
      this.#api.forget();
      this.#set({ status: 'signedOut' });
      return;
    }
    this.#set({ status: 'signingOut', user: this.#state.user });
    try {
      await this.#signOut(signal);
    } catch (error) {
      // No session any more: what was wanted is so already.
      if (!isClientError(error, 'credentialsRefused')) throw toClientError(error);
    } finally {
      if (!signal.aborted) {
        this.#api.forget();
        this.#set({ status: 'signedOut' });
      }
    }
  }

  version(): Promise<string> {
    return this.#api.version(new AbortController().signal);
  }

  loopbackAccess(): Promise<LoopbackAccess> {
    return lookUpLoopbackAccess();
  }

  stop(): void {
    this.#takeOver();
    this.#api.forget();
    this.#set({ status: 'signedOut' });
  }

  async #login(): Promise<SignedInUser> {
    const signal = this.#takeOver();
    this.#relogins = [];
    this.#hasPolled = false;
    this.#set({ status: 'signingIn' });
    try {
      const access = await lookUpLoopbackAccess();
      if (!signal.aborted) this.#set({ status: 'signingIn', access });
      return await this.#signIn(signal);
    } catch (error) {
      const reason = toClientError(error);
      if (!signal.aborted) this.#set({ status: 'failed', error: reason });
      throw reason;
    }
  }

  async #signIn(signal: AbortSignal): Promise<SignedInUser> {
    const credentials = await this.#options.credentials();
    if (signal.aborted) throw aborted();
    const user = await this.#api.login(credentials, this.#configuration(), signal);
    if (signal.aborted) throw aborted();
    this.#set({ status: 'signedIn', user });
    this.#startPolling(signal);
    return user;
  }

  async #signOut(signal: AbortSignal): Promise<void> {
    try {
      await this.#api.logout(signal);
    } catch (error) {
      // Another page of this desktop may have signed the same agent in, which makes this page's CSRF token void.
      if (!isClientError(error, 'forbidden') || this.#options.supportCsrf === false) throw error;
      await this.#api.login(await this.#options.credentials(), this.#configuration(), signal);
      await this.#api.logout(signal);
    }
  }

  #configuration(): LoginConfiguration {
    const { configuration = {} } = this.#options;
    return typeof configuration === 'function' ? configuration() : configuration;
  }

  #startPolling(signal: AbortSignal): void {
    if (this.#stopTimer !== undefined) return;
    const seconds = this.#options.pingIntervalSeconds ?? DEFAULT_PING_INTERVAL_SECONDS;
    this.#stopTimer = this.#timers.every(seconds * 1000, () => void this.#poll(signal));
    void this.#poll(signal);
  }

  async #poll(signal: AbortSignal): Promise<void> {
    if (this.#isPolling || signal.aborted || !('user' in this.#state) || this.#timers.now().getTime() < this.#notBefore) return;
    const { user } = this.#state;
    this.#isPolling = true;
    try {
      await this.#api.ping(signal);
      if (signal.aborted) return;
      this.#hasPolled = true;
      this.#set({ status: 'signedIn', user, lastPoll: this.#timers.now() });
    } catch (error) {
      if (!signal.aborted) await this.#recover(user, toClientError(error), signal);
    } finally {
      if (!signal.aborted) this.#isPolling = false;
    }
  }

  /** A poll failed: without a session sign in again, else wait for the next. */
  async #recover(user: SignedInUser, error: ScreenRecordingClientError, signal: AbortSignal): Promise<void> {
    if (error.code !== 'credentialsRefused') return this.#wait(user, error);
    if (this.#options.authentication === 'cookie' && !this.#hasPolled) return this.#giveUp(cookiesBlocked(error));
    const now = this.#timers.now().getTime();
    this.#relogins = this.#relogins.filter((time) => now - time < RELOGIN_WINDOW_MS);
    if (this.#relogins.length >= MAX_RELOGINS) return this.#giveUp(sessionTaken(error));
    this.#wait(user, error);
    try {
      await this.#signIn(signal);
      this.#relogins = [...this.#relogins, now];
    } catch (again) {
      const reason = toClientError(again);
      if (signal.aborted) return;
      if (reason.isTemporary) this.#wait(user, reason);
      else this.#giveUp(reason);
    }
  }

  #wait(user: SignedInUser, error: ScreenRecordingClientError): void {
    const now = this.#timers.now();
    this.#notBefore = now.getTime() + (error.retryAfterSeconds ?? 0) * 1000;
    const since = this.#state.status === 'reconnecting' ? this.#state.since : now;
    this.#set({ status: 'reconnecting', user, since, error });
  }

  #giveUp(error: ScreenRecordingClientError): void {
    this.#takeOver();
    this.#api.forget();
    this.#set({ status: 'failed', error });
  }

  #takeOver(): AbortSignal {
    this.#current.abort();
    this.#current = new AbortController();
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#isPolling = false;
    this.#notBefore = 0;
    return this.#current.signal;
  }

  #set(state: ClientState): void {
    this.#state = state;
    try {
      this.#options.onState?.(state);
    } catch (error) {
      // The listener's own fault: reported as such, and not mistaken for a failed call.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

function sessionTaken(cause: unknown): ScreenRecordingClientError {
  return new ScreenRecordingClientError(
    'sessionTaken',
    'Another sign-in on this computer keeps taking the screen recording session over.',
    { cause },
  );
}

function cookiesBlocked(cause: unknown): ScreenRecordingClientError {
  const message =
    'This browser does not keep the cookie of the Screen Recording Service. Let the agent desktop use the authentication "basic".';
  return new ScreenRecordingClientError('cookiesBlocked', message, { cause });
}

function toClientError(error: unknown): ScreenRecordingClientError {
  if (error instanceof ScreenRecordingClientError) return error;
  return new ScreenRecordingClientError('invalidRequest', 'The credentials could not be had.', { cause: error });
}
