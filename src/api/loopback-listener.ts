import type { RequestListener } from 'node:http';
import type { ConnectionOwners } from '../lib/connection-owners';
import type { Logger } from '../lib/logger';
import { PortRefusedError, toPortProblem } from '../lib/port-refusal';
import { isWithoutIpv6 } from '../lib/probe-port';
import { AppError, isAppError } from '../shared/errors';
import type { Callers } from './callers';
import { ConnectionRoom } from './connection-room';
import { Listener, type ListenerLimits, type LoopbackAddress } from './listener';
import type { TlsMaterial } from '../lib/tls-material';
import { errnoOf } from '../lib/errno-of';

export interface LoopbackListenerOptions {
  readonly handler: RequestListener;
  readonly port: number;
  /** The setting a person changes when the port is taken. */
  readonly setting: 'http.port' | 'https.port';
  readonly limits: ListenerLimits;
  readonly callers: Callers;
  readonly owners: ConnectionOwners;
  readonly log: Logger;
  /** Makes it an HTTPS listener. */
  readonly tls?: TlsMaterial;
}

const MAIN: LoopbackAddress = '127.0.0.1';
const SECOND: LoopbackAddress = '::1';
const TAKEN: readonly string[] = ['EADDRINUSE', 'EACCES'];
const MAX_FREE_PORT_TRIES = 10;

/**
 * One port on both loopback addresses: what listens on `127.0.0.1` alone leaves `[::1]`, which `localhost` may mean too, to whoever takes it,
 * and the agent's password with it.
 */
export class LoopbackListener {
  readonly #options: LoopbackListenerOptions;
  readonly #room: ConnectionRoom;
  readonly #listeners: Listener[] = [];

  constructor(options: LoopbackListenerOptions) {
    this.#options = options;
    this.#room = new ConnectionRoom(options.limits.maxConnections);
  }

  /** @returns the address, such as `http://127.0.0.1:8080`. Throws `AppError` `portTaken`, and then listens on neither. */
  async start(): Promise<string> {
    const { port, tls } = this.#options;
    const given = port === 0 ? await this.#startAnywhere() : await this.#startAt(port);
    return `${tls === undefined ? 'http' : 'https'}://${MAIN}:${given}`;
  }

  /** New connections get the new certificate; open ones keep theirs. */
  renew(tls: TlsMaterial): void {
    for (const listener of this.#listeners) listener.renew(tls);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#listeners.splice(0).map((listener) => listener.stop()));
  }

  /** A port that is free on the one address can be taken on the other. */
  async #startAnywhere(): Promise<number> {
    for (let left = MAX_FREE_PORT_TRIES; ; left -= 1) {
      try {
        return await this.#startAt(0);
      } catch (error) {
        if (left === 0 || !isAppError(error, 'portTaken')) throw error;
      }
    }
  }

  async #startAt(port: number): Promise<number> {
    try {
      const given = await this.#open(MAIN, port);
      await this.#open(SECOND, given);
      return given;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #open(address: LoopbackAddress, port: number): Promise<number> {
    const listener = new Listener({ ...this.#options, address, port, room: this.#room });
    try {
      const given = await listener.start();
      this.#listeners.push(listener);
      return given;
    } catch (error) {
      const code = errnoOf(error) ?? '';
      if (!isWithoutIpv6(address, code)) throw await this.#explain(error, { address, port, code });
      this.#options.log.info('listening without IPv6, which this computer does not have', { port });
      return port;
    }
  }

  async #explain(cause: unknown, refused: { readonly address: string; readonly port: number; readonly code: string }): Promise<AppError> {
    const { setting, owners } = this.#options;
    const { address, port, code } = refused;
    if (!TAKEN.includes(code)) {
      return new AppError('internal', `Could not listen on ${address}, port ${port} (${setting}).`, { cause, isExpected: false });
    }
    const holder = await owners.holderOf(port).catch(() => undefined); // it is told without, then
    const problem = toPortProblem({ address, port, setting }, code, holder);
    const whose = problem.code === 'portTaken' ? problem.facts.whose : undefined;
    return new PortRefusedError(problem, { cause, isRetryable: whose === 'otherUser' || whose === 'untold' });
  }
}
