import { createCometDServer, type CometDServer, type ServerSession } from 'cometd-nodejs-server';
import type { Request, Response } from 'express';
import type { BayeuxTimes } from '../options';
import { agentOf } from './authentication';

const DEFAULT_TIMES: BayeuxTimes = { timeout: 30_000, interval: 0, maxInterval: 10_000 };

/** One agent's Bayeux session. */
export interface Subscriber {
  readonly clientId: string;
  readonly userName: string;
  readonly since: string;
  readonly subscriptions: readonly string[];
}

interface Client {
  readonly session: ServerSession;
  readonly userName: string;
  readonly since: string;
}

/** What the package keeps to itself, and a poll whose socket is gone needs (see `#releaseWhenCut`). */
interface PendingPoll {
  readonly _scheduler: { cancel(): void } | null;
  _scheduleExpiration(interval: number, maxInterval: number): void;
}

/** The real Bayeux server behind `/api/v2/notifications`. Requests come here authenticated and with their body parsed. */
export class Notifications {
  readonly #times: BayeuxTimes;
  readonly #onChange: () => void;
  readonly #clients = new Map<string, Client>();
  #server: CometDServer;

  constructor(times: Partial<BayeuxTimes>, onChange: () => void) {
    this.#times = { ...DEFAULT_TIMES, ...times };
    this.#onChange = onChange;
    this.#server = this.#createServer();
  }

  subscribers(): readonly Subscriber[] {
    return [...this.#clients.values()].map(({ session, userName, since }) => ({
      clientId: session.id,
      userName,
      since,
      subscriptions: session.subscriptions.map(({ name }) => name),
    }));
  }

  handle(request: Request, response: Response): void {
    if (!Array.isArray(request.body)) {
      response.status(400).end();
      return;
    }
    this.#releaseWhenCut(request, response);
    keepOtherCookies(response);
    this.#server.handle(request, response);
  }

  /** Sends to every session of the agent that has subscribed to the channel; gives their number. */
  deliver(userName: string, channel: string, content: Readonly<Record<string, unknown>>): number {
    const listening = [...this.#clients.values()].filter(
      (client) => client.userName === userName && client.session.subscriptions.some(({ name }) => matches(name, channel)),
    );
    for (const { session } of listening) session.deliver(null, channel, { ...content });
    return listening.length;
  }

  /** Ends one session without a word, as if it had expired. */
  forget(clientId: string): void {
    this.#clients.get(clientId)?.session.disconnect();
  }

  /** Forgets every session, as after a restart. Polls that are held open stay so: cut their connections too. */
  reset(): void {
    this.close();
    this.#server = this.#createServer();
  }

  close(): void {
    this.#server.close();
    this.#clients.clear();
    this.#onChange();
  }

  #createServer(): CometDServer {
    // Several sessions of one cookie jar happen after every re-handshake; the package would slow the second down by 2 s.
    const server = createCometDServer({ ...this.#times, maxSessionsPerBrowser: -1, browserCookiePath: '/' });
    server.addListener('sessionAdded', (session: ServerSession) => {
      const { response } = server.context as { response: Response };
      this.#clients.set(session.id, { session, userName: agentOf(response).userName, since: new Date().toISOString() });
      this.#onChange();
    });
    server.addListener('sessionRemoved', (session: ServerSession) => {
      if (this.#clients.delete(session.id)) this.#onChange();
    });
    for (const event of ['subscribed', 'unsubscribed']) server.addListener(event, () => this.#onChange());
    return server;
  }

  /** The package does not notice that a held poll has lost its socket: it would keep the session for ever and send messages into nothing. */
  #releaseWhenCut(request: Request, response: Response): void {
    const clientId = (request.body as readonly { channel?: string; clientId?: string }[]).find(
      ({ channel }) => channel === '/meta/connect',
    )?.clientId;
    const session = this.#clients.get(clientId ?? '')?.session as (ServerSession & PendingPoll) | undefined;
    if (session === undefined) return;
    response.once('close', () => {
      if (response.writableEnded) return;
      session._scheduler?.cancel();
      session._scheduleExpiration(this.#times.interval, this.#times.maxInterval);
    });
  }
}

/** The package sets `Set-Cookie`, which would drop the cookies of the HTTP session. */
function keepOtherCookies(response: Response): void {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => {
    const lines = (value: number | string | readonly string[] | undefined): string[] => [value ?? []].flat().map(String);
    return name === 'Set-Cookie' ? setHeader(name, [...lines(response.getHeader(name)), ...lines(value)]) : setHeader(name, value);
  };
}

function matches(pattern: string, channel: string): boolean {
  if (pattern === channel) return true;
  if (pattern.endsWith('/**')) return channel.startsWith(pattern.slice(0, -2));
  return pattern.endsWith('/*') && channel.slice(0, channel.lastIndexOf('/')) === pattern.slice(0, -2);
}
