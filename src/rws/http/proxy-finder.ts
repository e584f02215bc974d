import { holdingTimers, type Timers } from '../../lib/clock';
import { withDeadline } from '../../lib/deadline';
import type { SystemProxy } from '../../lib/system-proxy';
import { findProxy, hasProxyOfEnvironment, isExcepted, isLoopback } from './proxy';
import { readProxyList, type FoundWay } from './proxy-list';

/** The way to one server, and who said so. */
export interface Route extends FoundWay {
  readonly source: 'rws.proxy' | 'environment' | 'system';
}

interface ProxyFinderDeps {
  /** `rws.proxy` */
  readonly configured?: string | undefined;
  /** Absent where there is none to be asked: outside Electron. */
  readonly system?: SystemProxy | undefined;
  readonly environment?: NodeJS.ProcessEnv;
  readonly timers?: Timers;
  /** Steady milliseconds. */
  readonly steady: () => number;
}

/** A script that has to be fetched first, or is looked for (WPAD), takes its time. */
const SYSTEM_LIMIT_MS = 5000;
/** A computer changes networks, and a script its mind. */
const KEPT_MS = 30_000;
const MOST_KEPT = 50;

/** Finds the proxy for a server: `rws.proxy`, else the environment's, else what the system says (rws.md, *Proxy*). Never rejects. */
export class ProxyFinder {
  readonly #deps: ProxyFinderDeps;
  readonly #kept = new Map<string, { readonly at: number; readonly route: Promise<Route> }>();

  constructor(deps: ProxyFinderDeps) {
    this.#deps = deps;
  }

  /** @param server an address; its path does not matter */
  find(server: string): Promise<Route> {
    const { configured, system, environment = process.env } = this.#deps;
    const url = new URL(server);
    const proxy = findProxy(server, configured, environment);
    const found = proxy === undefined ? {} : { proxy };
    if (configured !== undefined) return Promise.resolve({ ...found, source: 'rws.proxy' });
    const isDecided = system === undefined || hasProxyOfEnvironment(environment) || isLoopback(url.hostname);
    if (isDecided || isExcepted(url, environment)) return Promise.resolve({ ...found, source: 'environment' });
    return this.#ofSystem(url.origin, system);
  }

  #ofSystem(origin: string, system: SystemProxy): Promise<Route> {
    const now = this.#deps.steady();
    const kept = this.#kept.get(origin);
    if (kept !== undefined && now - kept.at < KEPT_MS) return kept.route;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    const route = this.#ask(origin, system);
    this.#kept.set(origin, { at: now, route });
    return route;
  }

  async #ask(origin: string, system: SystemProxy): Promise<Route> {
    const tooLate = (): Error => new Error(`no answer within ${SYSTEM_LIMIT_MS / 1000} s`);
    try {
      const list = await withDeadline(this.#deps.timers ?? holdingTimers, { ms: SYSTEM_LIMIT_MS, tooLate }, () => system.resolve(origin));
      return { source: 'system', ...readProxyList(list) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown error';
      return { source: 'system', fault: `The system did not say which proxy leads to ${origin} (${reason}): the direct way is taken.` };
    }
  }
}
