import type { Clock, Timer } from '../../src/lib/clock';
import { silentLogger } from '../../src/lib/logger';
import { installCometdEnvironment } from '../../src/rws/notifications/cometd-environment';
import { Notifications } from '../../src/rws/notifications/notifications';
import type { FakeBayeuxServer } from './fake-bayeux-server';

/** A fake clock that stays quick with thousands of timers. */
export class StormClock implements Clock {
  #now = 0;
  readonly #due = new Map<number, Set<() => void>>();

  now(): number {
    return this.#now;
  }

  steady(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): Timer {
    const at = this.#now + Math.round(ms);
    const own = (): void => callback();
    const sameTime = this.#due.get(at) ?? new Set();
    this.#due.set(at, sameTime.add(own));
    return { cancel: () => sameTime.delete(own) };
  }

  async runTo(end: number): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = Math.min(...[...this.#due.keys()].filter((at) => at <= end));
      if (!Number.isFinite(next)) break;
      const callbacks = this.#due.get(next);
      this.#due.delete(next);
      this.#now = next;
      callbacks?.forEach((callback) => callback());
    }
    this.#now = end;
  }
}

/** The same numbers at every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

export interface StormClient {
  readonly notifications: Notifications;
  readonly attempts: number[];
  readonly restored: number[];
}

/** Clients as the service has them, connected. */
export async function connectAll(
  count: number,
  clock: StormClock,
  server: FakeBayeuxServer,
  random: () => number,
): Promise<readonly StormClient[]> {
  installCometdEnvironment();
  const clients = Array.from({ length: count }, (_unused, index): StormClient => {
    const attempts: number[] = [];
    const restored: number[] = [];
    const nothing = (): void => undefined;
    const http = server.client(`agent-${index}`, () => attempts.push(clock.now()));
    const notifications = new Notifications({
      http,
      path: '/api/v2/notifications',
      channel: '/v2/me/*',
      timeoutMs: 10_000,
      clock,
      random,
      log: silentLogger,
      listener: {
        onMessage: nothing,
        onContact: nothing,
        onInterrupted: nothing,
        onRestored: () => restored.push(clock.now()),
        onEnded: nothing,
      },
      reestablish: () => http.refresh(),
    });
    return { notifications, attempts, restored };
  });
  const opened = Promise.all(clients.map(({ notifications }) => notifications.open(new AbortController().signal)));
  await clock.runTo(clock.now() + 10);
  await opened;
  return clients;
}

/** The most clients that asked for anything within one second, from the given time on. */
export function busiestSecond(clients: readonly StormClient[], from: number): number {
  const firsts = clients.flatMap(({ attempts }, client) => attempts.filter((at) => at >= from).map((at) => ({ at, client })));
  firsts.sort((a, b) => a.at - b.at);
  let most = 0;
  for (let start = 0, end = 0; end < firsts.length; end += 1) {
    while ((firsts[end]?.at ?? 0) - (firsts[start]?.at ?? 0) >= 1000) start += 1;
    most = Math.max(most, new Set(firsts.slice(start, end + 1).map(({ client }) => client)).size);
  }
  return most;
}
