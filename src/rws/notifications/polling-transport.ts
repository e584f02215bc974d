import { LongPollingTransport, type BayeuxPacket, type Message, type XhrLike } from 'cometd';
import { RwsError } from '../../shared/rws-error';
import { describeError } from '../../shared/errors';
import type { RwsHttp } from '../ports';
import { omitUndefined } from '../../shared/omit-undefined';

interface PollingTransportDeps {
  readonly http: RwsHttp;
  readonly timeoutMs: number;
  /** How long the server may hold a poll, as it advised. */
  readonly holdMs: () => number;
  /** Something in the CometD core threw: a fault. */
  readonly onFault: (error: unknown) => void;
}

/** CometD's long-polling over the session's own HTTP: its jar, CSRF token, TLS and time-outs; failures keep their `RwsError`. */
export class PollingTransport extends LongPollingTransport {
  readonly #deps: PollingTransportDeps;
  readonly #active = new Set<AbortController>();
  #poll: AbortController | undefined;

  constructor(deps: PollingTransportDeps) {
    super();
    this.#deps = deps;
  }

  override accept(): boolean {
    return true;
  }

  override xhrSend(packet: BayeuxPacket): XhrLike {
    const controller = new AbortController();
    const xhr = { readyState: 1, status: 0, abort: () => controller.abort() };
    const sent = JSON.parse(packet.body) as Message[];
    const isPoll = sent[0]?.channel === '/meta/connect';
    this.#active.add(controller);
    if (isPoll) this.#poll = controller;
    const settle = (report: () => void): void => {
      this.#active.delete(controller);
      if (this.#poll === controller) this.#poll = undefined;
      try {
        report();
      } catch (error) {
        this.#deps.onFault(error);
      }
    };
    this.#exchange(packet.url, sent, controller.signal).then(
      (messages) => settle(() => packet.onSuccess(messages)),
      (error: unknown) => settle(() => packet.onError(describeError(error), error)),
    );
    return xhr;
  }

  /** Cuts the poll that is held now, if any; CometD sees it fail. */
  abortPoll(): boolean {
    this.#poll?.abort();
    return this.#poll !== undefined;
  }

  abortAll(): void {
    for (const controller of [...this.#active]) controller.abort();
  }

  async #exchange(url: string, sent: readonly Message[], signal: AbortSignal): Promise<readonly Message[]> {
    const { http, timeoutMs } = this.#deps;
    const [first] = sent;
    // A poll that asks for an immediate answer (the first, and each after a break) is not held.
    const holdMs = first?.channel === '/meta/connect' && first.advice?.timeout !== 0 ? this.#deps.holdMs() : 0;
    const limit = holdMs + timeoutMs;
    const path = url.slice(http.server.length);
    const request = { method: 'POST', path, body: { json: sent }, idleTimeoutMs: limit, totalTimeoutMs: limit } as const;
    const { body } = await http.request(request, signal);
    if (!Array.isArray(body) || !body.every(isMessage)) {
      throw new RwsError({
        kind: 'broken',
        statusMessage: 'RWS answered a notification request with something that is no Bayeux message.',
      });
    }
    return first?.channel === '/meta/connect' ? withReplyTo(first, body) : body;
  }
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && typeof (value as Message).channel === 'string';
}

/** CometD polls again only after a reply that bears its message's id: an answer without one must not stop it for ever. */
function withReplyTo(sent: Message, received: readonly Message[]): readonly Message[] {
  const id = omitUndefined({ id: sent.id });
  const replies = received.filter((message) => message.channel === '/meta/connect');
  if (replies.length === 0) return [...received, { channel: '/meta/connect', successful: false, ...id }];
  return received.map((message) => (message === replies[0] ? { ...message, ...id } : message));
}
