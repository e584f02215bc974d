import type { FailureInfo, Message } from 'cometd';
import { fullJitter, type Random } from '../../lib/backoff';
import type { Clock } from '../../lib/clock';
import type { Logger } from '../../lib/logger';
import { toRwsError, type RwsError } from '../../shared/rws-error';
import { AppError } from '../../shared/errors';
import { BayeuxClient } from './bayeux-client';
import { judgeFailure } from './failure-rules';
import { PollingTransport } from './polling-transport';
import type { RwsHttp } from '../ports';
import { CuttableWait } from './cuttable-wait';

export interface NotificationsListener {
  onMessage(message: Message): void;
  onContact(): void;
  onInterrupted(reason: RwsError): void;
  onRestored(): void;
  onEnded(reason: RwsError): void;
}

interface NotificationsDeps {
  readonly http: RwsHttp;
  readonly path: string;
  readonly channel: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly listener: NotificationsListener;
  /** Validates the agent and starts the session again, before a re-handshake. Throws `RwsError`. */
  readonly reestablish: (signal: AbortSignal) => Promise<void>;
}

/**
 * 30 s spreads a floor of agents so that no second sees a tenth of them, and still has everybody back within half a minute
 * of the server's return.
 */
const BACKOFF = { firstMs: 1000, maxMs: 30_000 };
/** Validation held, yet the server refuses the notifications again: final. */
const MAX_REFUSALS = 2;

/**
 * The CometD connection of one session. INVARIANTS: subscribed anew after every handshake; one outage, one `onInterrupted`;
 * after `onEnded` or `discard` the listener is never called again and no timer or request is left.
 */
export class Notifications {
  readonly #deps: NotificationsDeps;
  readonly #client: BayeuxClient;
  readonly #transport: PollingTransport;
  readonly #life = new AbortController();
  readonly #wait: CuttableWait;
  #opening: { resolve(): void; reject(error: Error): void } | undefined;
  #clientId: string | undefined;
  #isSubscribed = false;
  #isConnected = false;
  #isInterrupted = false;
  #isPokedPoll = false;
  #failures = 0;
  #refusals = 0;
  #wasAskedBack = false;

  constructor(deps: NotificationsDeps) {
    this.#deps = deps;
    const { http, timeoutMs, clock } = deps;
    const onFault = (error: unknown): void => deps.log.error('the CometD core failed', { error });
    this.#wait = new CuttableWait(clock);
    this.#transport = new PollingTransport({ http, timeoutMs, holdMs: () => this.#client.getAdvice().timeout ?? 0, onFault });
    this.#client = new BayeuxClient({
      url: `${http.server}${deps.path}`,
      transport: this.#transport,
      clock,
      timeoutMs,
      onFault,
      onFailure: (message, info, proceed) => void this.#onFailure(message, info, proceed),
    });
  }

  /** Of the last handshake; `undefined` before the first. */
  get clientId(): string | undefined {
    return this.#clientId;
  }

  /** Handshake, subscription and first poll. Throws `RwsError`, or `AppError` `aborted`; then nothing is left behind. */
  async open(signal: AbortSignal): Promise<void> {
    const opened = new Promise<void>((resolve, reject) => (this.#opening = { resolve, reject }));
    const onAbort = (): void => this.#failOpening(new AppError('aborted', 'Opening the notifications was cancelled.'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else this.#start();
    try {
      await opened;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Connects at once instead of after the back-off; a poll that is held may hang on a dead socket, so it is asked anew. */
  reconnectNow(): void {
    this.#failures = 0;
    if (this.#wait.cut()) return;
    this.#isPokedPoll = this.#transport.abortPoll();
  }

  /** Says goodbye; resolves when the server answered. Throws `RwsError` when it did not, `AppError` `aborted` at the signal. */
  async close(signal: AbortSignal): Promise<void> {
    if (this.#life.signal.aborted || this.#client.isDisconnected() || this.#isInterrupted) return this.discard();
    try {
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => reject(new AppError('aborted', 'The goodbye to RWS was cancelled.'));
        signal.addEventListener('abort', onAbort, { once: true });
        if (signal.aborted) onAbort();
        this.#wait.end();
        this.#life.abort();
        this.#client.disconnect((reply) => (reply.successful === true ? resolve() : reject(toRwsError(reply.failure?.exception))));
      });
    } finally {
      this.discard();
    }
  }

  discard(): void {
    this.#life.abort();
    this.#wait.end();
    this.#client.dispose();
    this.#failOpening(new AppError('aborted', 'The session was dropped.'));
  }

  #start(): void {
    this.#client.addListener('/meta/handshake', (reply) => {
      if (reply.successful === true) this.#subscribe();
    });
    this.#client.addListener('/meta/connect', (reply) => {
      if (reply.successful === true) this.#onPollAnswered();
    });
    this.#client.handshake();
  }

  /** Subscriptions are lost on every handshake. */
  #subscribe(): void {
    this.#isSubscribed = false;
    this.#isConnected = false;
    const clientId = this.#client.getClientId();
    this.#clientId = clientId ?? undefined;
    const onMessage = (message: Message): void => {
      if (!this.#life.signal.aborted) this.#deps.listener.onMessage(message);
    };
    this.#client.subscribe(this.#deps.channel, onMessage, (reply) => {
      if (this.#life.signal.aborted || clientId !== this.#client.getClientId()) return;
      if (reply.successful !== true) return void this.#onSubscriptionFailed(reply);
      this.#isSubscribed = true;
      this.#settle();
    });
  }

  async #onSubscriptionFailed(reply: Message): Promise<void> {
    const { reason } = judgeFailure(reply, { cause: 'unsuccessful', action: 'retry', transport: null });
    if (this.#opening !== undefined) return this.#failOpening(reason);
    this.#interrupted(reason);
    if (reason.kind === 'refused') return this.#end(reason);
    const clientId = this.#client.getClientId();
    const isOver = await this.#wait.for(this.#nextDelay(reason));
    if (!isOver && clientId === this.#client.getClientId() && !this.#client.isDisconnected()) this.#subscribe();
  }

  #onPollAnswered(): void {
    if (this.#life.signal.aborted) return;
    this.#isConnected = true;
    this.#isPokedPoll = false;
    this.#deps.listener.onContact();
    this.#settle();
  }

  #settle(): void {
    if (!this.#isSubscribed || !this.#isConnected) return;
    this.#failures = 0;
    this.#refusals = 0;
    this.#wasAskedBack = false;
    this.#opening?.resolve();
    this.#opening = undefined;
    if (!this.#isInterrupted) return;
    this.#isInterrupted = false;
    this.#deps.listener.onRestored();
  }

  async #onFailure(message: Message, info: FailureInfo, proceed: (info: FailureInfo) => void): Promise<void> {
    if (this.#life.signal.aborted) return proceed({ ...info, action: 'none' });
    const again = message.channel === '/meta/handshake' ? 'handshake' : 'retry';
    if (this.#isPokedPoll) {
      this.#isPokedPoll = false;
      return proceed({ ...info, action: again, delay: 0 });
    }
    const { next, reason } = judgeFailure(message, info);
    if (this.#opening !== undefined) {
      proceed({ ...info, action: 'none' });
      return this.#failOpening(reason);
    }
    this.#interrupted(reason);
    if (reason.kind === 'refused') this.#refusals += 1;
    const action = next === 'end' || this.#refusals > MAX_REFUSALS ? 'none' : await this.#restore(next === 'reestablish', again, reason);
    if (this.#life.signal.aborted) return proceed({ ...info, action: 'none' });
    if (action === 'none') {
      proceed({ ...info, action });
      return this.#end(reason);
    }
    proceed({ ...info, action, delay: 0 });
  }

  /** Waits its turn, and brings the session back first when the server has lost it. Resolves with what CometD shall do. */
  async #restore(isSessionLost: boolean, again: FailureInfo['action'], reason: RwsError): Promise<FailureInfo['action']> {
    // A server that answers, and asks us back, need not wait, however long it was away; a second time in a row it must.
    const isAtOnce = isSessionLost && !this.#wasAskedBack;
    this.#wasAskedBack ||= isSessionLost;
    if (!isAtOnce && (await this.#wait.for(this.#nextDelay(reason)))) return 'none';
    if (!isSessionLost) return again;
    for (;;) {
      try {
        await this.#deps.reestablish(this.#life.signal);
        return 'handshake';
      } catch (error) {
        if (this.#life.signal.aborted) return 'none';
        const failure = toRwsError(error);
        if (isFinal(failure)) return (this.#end(failure), 'none');
        if (await this.#wait.for(this.#nextDelay(failure))) return 'none';
      }
    }
  }

  #nextDelay(reason: RwsError): number {
    const delay = fullJitter(this.#failures, BACKOFF, this.#deps.random);
    this.#failures += 1;
    // Added to, not replaced by: everybody was told the same Retry-After.
    return delay + (reason.retryAfterMs ?? 0);
  }

  #interrupted(reason: RwsError): void {
    this.#isConnected = false;
    if (this.#isInterrupted) return;
    this.#isInterrupted = true;
    this.#deps.listener.onInterrupted(reason);
  }

  #end(reason: RwsError): void {
    if (this.#life.signal.aborted) return;
    this.discard();
    this.#deps.listener.onEnded(reason);
  }

  #failOpening(error: Error): void {
    const opening = this.#opening;
    if (opening === undefined) return;
    this.#opening = undefined;
    this.discard();
    opening.reject(error);
  }
}

/** A bare 403 or 404 without an envelope comes from a server that is still starting, or from something in between. */
function isFinal(error: RwsError): boolean {
  return error.kind === 'unauthenticated' || (error.kind === 'refused' && error.statusCode !== undefined);
}
