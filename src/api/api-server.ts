import type { ConnectionOwners } from '../lib/connection-owners';
import type { Logger } from '../lib/logger';
import { PublishedFile } from '../lib/published-file';
import type { SideFiles } from '../lib/side-files';
import type { Unsubscribe } from '../shared/emitter';
import { describeError } from '../shared/errors';
import { Callers } from './callers';
import { createApi } from './create-api';
import { DEFAULT_LIMITS, type ListenerLimits } from './listener';
import { LoopbackListener } from './loopback-listener';
import type { TlsMaterial } from '../lib/tls-material';
import type { ApiDeps, TlsSource } from './ports';
import { createStatusToken } from './status-token';
import { UntoldCallers } from './untold-callers';

export interface ApiServerDeps extends Omit<ApiDeps, 'statusToken' | 'callers' | 'untold'> {
  /** Where the token of `GET /status` is published while the service listens: owner-only, rotated at start. */
  readonly statusTokenFile: string;
  /** Needed when HTTPS is enabled. */
  readonly tls?: TlsSource;
  readonly limits?: Partial<ListenerLimits>;
  /** Who else uses this computer. */
  readonly owners: ConnectionOwners;
  /** Of the token's file. */
  readonly sideFiles: Pick<SideFiles, 'keep' | 'drop'>;
  /** One more address, when the certificate came later. */
  readonly onAddress?: (address: string) => void;
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
    const { settings, tls, statusTokenFile, sideFiles, owners, log } = this.#deps;
    const statusToken = createStatusToken();
    const callers = new Callers(owners);
    const untold = new UntoldCallers({ owners, rule: () => settings.otherUsers, problems: this.#deps.problems });
    const handler = createApi({ ...this.#deps, statusToken, callers, untold });
    const common = { handler, limits: { ...DEFAULT_LIMITS, ...this.#deps.limits }, callers, owners, log };
    const addresses: string[] = [];
    if (settings.http.enabled) {
      addresses.push(await this.#add(new LoopbackListener({ ...common, port: settings.http.port, setting: 'http.port' })));
    }
    if (settings.https.enabled && tls !== undefined) {
      const make = (material: TlsMaterial): LoopbackListener =>
        new LoopbackListener({ ...common, port: settings.https.port, setting: 'https.port', tls: material });
      addresses.push(...(await this.#addHttps(tls, make)));
    } else if (settings.https.enabled) {
      this.#log.warn('https is enabled but there is no certificate: listening without it');
    }
    // Only now: a second copy that finds the port taken must not replace the first one's token.
    const tokenFile = new PublishedFile(statusTokenFile);
    await sideFiles.keep('status-token', () => tokenFile.write(`${statusToken.reveal()}\n`));
    this.#undo.push(() => {
      sideFiles.drop('status-token');
      return tokenFile.withdraw();
    });
    this.#log.info('listening', { addresses });
    return addresses;
  }

  async #add(listener: LoopbackListener): Promise<string> {
    const address = await listener.start();
    this.#undo.push(() => listener.stop());
    return address;
  }

  /** As soon as there is a certificate: the lack of one, which `tls` shows as a problem, keeps the http address from nobody. */
  async #addHttps(tls: TlsSource, make: (material: TlsMaterial) => LoopbackListener): Promise<readonly string[]> {
    const material = await tls.current().catch(() => undefined);
    if (material === undefined) {
      this.#addHttpsLater(tls, make);
      return [];
    }
    const listener = make(material);
    const address = await this.#add(listener);
    this.#undo.push(this.#renewOnChange(tls, listener));
    return [address];
  }

  #addHttpsLater(tls: TlsSource, make: (material: TlsMaterial) => LoopbackListener): void {
    const unsubscribe = tls.onChange(() => {
      unsubscribe();
      this.#addHttps(tls, make).then(
        (addresses) => addresses.forEach((address) => this.#deps.onAddress?.(address)),
        (error: unknown) => {
          const reason = describeError(error);
          this.#log.error('not listening with the certificate that came', { reason });
          this.#deps.problems.raise('portTaken', { reason });
        },
      );
    });
    this.#undo.push(unsubscribe);
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
