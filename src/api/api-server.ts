import type { ConnectionOwners } from '../lib/connection-owners';
import type { Logger } from '../lib/logger';
import type { Unsubscribe } from '../shared/emitter';
import { describeError } from '../shared/errors';
import { Callers } from './callers';
import { createApi } from './create-api';
import { DEFAULT_LIMITS, type ListenerLimits } from './listener';
import { LoopbackListener } from './loopback-listener';
import type { ApiDeps, TlsSource } from './ports';
import { createStatusToken, publishStatusToken, withdrawStatusToken } from './status-token';

export interface ApiServerDeps extends Omit<ApiDeps, 'statusToken' | 'callers'> {
  /** Where the token of `GET /status` is published while the service listens: owner-only, rotated at start. */
  readonly statusTokenFile: string;
  /** Needed when HTTPS is enabled. */
  readonly tls?: TlsSource;
  readonly limits?: Partial<ListenerLimits>;
  /** Who else uses this computer. */
  readonly owners: ConnectionOwners;
}

export interface ApiServer {
  /**
   * @returns the addresses it listens on, such as `http://127.0.0.1:8080`; the same port of `::1` goes without saying. Throws `AppError`
   * `portTaken` and then listens nowhere: retryable when another user of this computer holds the port.
   */
  start(): Promise<readonly string[]>;
  /** Ends every connection. Safe in any state. */
  stop(): Promise<void>;
}

/** The local API on its sockets: loopback only, HTTP and HTTPS as configured. `start` and `stop` are memoised; it is started once. */
export function createApiServer(deps: ApiServerDeps): ApiServer {
  const run = new ApiServerRun(deps);
  let started: Promise<readonly string[]> | undefined;
  let stopped: Promise<void> | undefined;
  return {
    start: () => (started ??= run.start()),
    stop: () =>
      (stopped ??= (async () => {
        await started?.catch(() => undefined);
        await run.stop();
      })()),
  };
}

class ApiServerRun {
  readonly #deps: ApiServerDeps;
  readonly #log: Logger;
  readonly #undo: (() => Promise<void> | void)[] = [];

  constructor(deps: ApiServerDeps) {
    this.#deps = deps;
    this.#log = deps.log;
  }

  async start(): Promise<readonly string[]> {
    try {
      return await this.#listen();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Takes back what `start` did, last first. */
  async stop(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo();
  }

  async #listen(): Promise<readonly string[]> {
    const { settings, tls, statusTokenFile, owners, log } = this.#deps;
    const statusToken = createStatusToken();
    const callers = new Callers(owners);
    const handler = createApi({ ...this.#deps, statusToken, callers });
    const common = { handler, limits: { ...DEFAULT_LIMITS, ...this.#deps.limits }, callers, owners, log };
    const addresses: string[] = [];
    if (settings.http.enabled) {
      addresses.push(await this.#add(new LoopbackListener({ ...common, port: settings.http.port, setting: 'http.port' })));
    }
    if (settings.https.enabled && tls !== undefined) {
      const listener = new LoopbackListener({ ...common, port: settings.https.port, setting: 'https.port', tls: await tls.current() });
      addresses.push(await this.#add(listener));
      this.#undo.push(this.#renewOnChange(tls, listener));
    } else if (settings.https.enabled) {
      this.#log.warn('https is enabled but there is no certificate: listening without it');
    }
    // Only now: a second copy that finds the port taken must not replace the first one's token.
    await publishStatusToken(statusTokenFile, statusToken);
    this.#undo.push(() => withdrawStatusToken(statusTokenFile));
    this.#log.info('listening', { addresses });
    return addresses;
  }

  async #add(listener: LoopbackListener): Promise<string> {
    const address = await listener.start();
    this.#undo.push(() => listener.stop());
    return address;
  }

  #renewOnChange(tls: TlsSource, listener: LoopbackListener): Unsubscribe {
    return tls.onChange(() => {
      tls.current().then(
        (material) => listener.renew(material),
        (error: unknown) => this.#log.error('new certificate not taken over', { reason: describeError(error) }),
      );
    });
  }
}
