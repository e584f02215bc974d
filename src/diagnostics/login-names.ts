import type { RwsConfiguration } from '../config/schema';
import type { RwsHeaders, RwsLogin, RwsResponse } from '../rws/ports';
import { createProtocol, CSRF_ANNOUNCING_HEADER, type RwsProtocol } from '../rws/protocol';
import { isRwsError, RWS_STATUS } from '../shared/rws-error';
import { pathSegment } from '../shared/well-formed';
import { Unknown } from './walk';

interface BayeuxReply {
  readonly channel?: unknown;
  readonly successful?: unknown;
  readonly clientId?: unknown;
  readonly error?: unknown;
}

const ALREADY: readonly (number | undefined)[] = [RWS_STATUS.alreadyExists, 19];

/** What a signed-in agent asks of RWS, one by one. Each resolves with what holds, and throws what was refused or `Unknown`. */
export class LoginNames {
  readonly #login: RwsLogin;
  readonly #rws: RwsConfiguration;
  readonly #protocol: RwsProtocol;
  #clientId: string | undefined;
  #isSessionOurs = false;

  constructor(login: RwsLogin, rws: RwsConfiguration) {
    this.#login = login;
    this.#rws = rws;
    this.#protocol = createProtocol(rws);
  }

  async csrf(signal: AbortSignal): Promise<string> {
    const { headers } = await this.#me(signal);
    const name = first(headers[CSRF_ANNOUNCING_HEADER]);
    if (name === undefined) return 'Off: RWS names no token.';
    if (first(headers[name.toLowerCase()]) === undefined) throw new Error(`X-CSRF-HEADER names ${name}, and there is no such header.`);
    return `On: the token is sent as ${name}.`;
  }

  /** A server that does not take its cookies back begins a new session at every request. */
  async cookies(signal: AbortSignal): Promise<string> {
    const [before, after] = [cookiesOf(await this.#me(signal)), cookiesOf(await this.#me(signal))];
    const renewed = [...after.keys()].filter((name) => before.has(name) && before.get(name) !== after.get(name));
    if (renewed.length > 0) throw new Error(`RWS sets ${renewed.join(', ')} anew at every request.`);
    return 'No request begins a new session.';
  }

  async start(signal: AbortSignal): Promise<string> {
    const body = this.#protocol.startBody({ devices: [] });
    if (body === undefined) throw new Unknown('Not asked: rws.startOperation is null.');
    try {
      await this.#post(this.#rws.paths.me, body, signal);
      this.#isSessionOurs = true;
      return 'A session was opened; it is ended with the logout.';
    } catch (error) {
      if (isRwsError(error) && ALREADY.includes(error.statusCode)) return 'RWS has a session of this agent already; it is left alone.';
      throw error;
    }
  }

  async handshake(signal: AbortSignal): Promise<string> {
    const message = { channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'] };
    const { clientId } = await this.#bayeux('/handshake', message, signal);
    if (typeof clientId !== 'string') throw new Error('The reply has no clientId.');
    this.#clientId = clientId;
    return 'Long polling is taken.';
  }

  async subscribe(signal: AbortSignal): Promise<string> {
    await this.#bayeux('', { channel: '/meta/subscribe', clientId: this.#clientId, subscription: this.#rws.channel }, signal);
    return 'Subscribed.';
  }

  /** Asks not to be held; a server that holds it all the same answers within its own time or not at all. */
  async poll(signal: AbortSignal): Promise<string> {
    const message = { channel: '/meta/connect', clientId: this.#clientId, connectionType: 'long-polling', advice: { timeout: 0 } };
    await this.#bayeux('/connect', message, signal);
    return 'A poll is answered.';
  }

  async tus(signal: AbortSignal): Promise<string> {
    const path = this.#rws.paths.resumable.replace('{contactCenterId}', pathSegment(this.#login.user.contactCenterId ?? ''));
    const { headers } = await this.#login.http.request({ method: 'OPTIONS', path }, signal);
    const version = first(headers['tus-resumable']);
    if (version !== '1.0.0') throw new Error('Not offered: recordings go as one form each.');
    return 'tus 1.0.0 is offered.';
  }

  /** Ends what was begun here, and nothing else. */
  async leave(signal: AbortSignal): Promise<string> {
    const end = this.#isSessionOurs ? this.#protocol.endBody() : undefined;
    const [goodbye, ended] = await Promise.allSettled([
      this.#clientId === undefined
        ? undefined
        : this.#bayeux('/disconnect', { channel: '/meta/disconnect', clientId: this.#clientId }, signal),
      end === undefined ? undefined : this.#post(this.#rws.paths.me, end, signal),
    ]);
    for (const each of [ended, goodbye]) if (each.status === 'rejected') throw each.reason;
    return 'Signed out.';
  }

  #me(signal: AbortSignal): Promise<RwsResponse> {
    return this.#login.http.request({ method: 'GET', path: this.#rws.paths.me }, signal);
  }

  #post(path: string, json: unknown, signal: AbortSignal): Promise<RwsResponse> {
    return this.#login.http.request({ method: 'POST', path, body: { json } }, signal);
  }

  async #bayeux(
    suffix: string,
    message: { readonly channel: string; readonly [field: string]: unknown },
    signal: AbortSignal,
  ): Promise<BayeuxReply> {
    const { body } = await this.#post(`${this.#rws.paths.notifications}${suffix}`, [{ id: '1', ...message }], signal);
    const replies: readonly BayeuxReply[] = Array.isArray(body) ? body.filter((each) => typeof each === 'object' && each !== null) : [];
    const reply = replies.find(({ channel }) => channel === message.channel);
    if (reply === undefined) throw new Error('The answer is no Bayeux reply: is something in between?');
    if (reply.successful !== true) throw new Error(typeof reply.error === 'string' ? reply.error : 'RWS says that it was not successful.');
    return reply;
  }
}

function first(header: RwsHeaders[string]): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

function cookiesOf({ headers }: RwsResponse): ReadonlyMap<string, string> {
  const lines = [headers['set-cookie'] ?? []].flat() as readonly string[];
  return new Map(lines.map((line) => [line.split('=', 1)[0] ?? '', line.split(';', 1)[0] ?? '']));
}
