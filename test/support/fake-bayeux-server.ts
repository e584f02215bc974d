import type { Message } from 'cometd';
import type { Clock } from '../../src/lib/clock';
import type { RwsHttp, RwsRequest, RwsResponse } from '../../src/rws/ports';
import { AppError } from '../../src/shared/errors';
import { RwsError } from '../../src/shared/rws-error';

const HOLD_MS = 30_000;

/** What many simulated clients share: a Bayeux server without sockets, which can go away. */
export class FakeBayeuxServer {
  isUp = true;
  /** Counted up at every restart: clients of an earlier life are unknown. */
  life = 1;
  readonly #cuts = new Set<() => void>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Everything that is held is cut. */
  goDown(): void {
    this.isUp = false;
    for (const cut of [...this.#cuts]) cut();
  }

  comeUp(): void {
    this.life += 1;
    this.isUp = true;
  }

  /** @param onAttempt called for every request that is sent */
  client(name: string, onAttempt: () => void): RwsHttp {
    return {
      server: 'http://rws.example',
      userName: name,
      request: (request, signal) => {
        onAttempt();
        return this.isUp ? this.#answer(name, request, signal) : Promise.reject(unreachable());
      },
      refresh: async () => {
        onAttempt();
        if (!this.isUp) throw unreachable();
      },
    };
  }

  async #answer(name: string, { body }: RwsRequest, signal?: AbortSignal): Promise<RwsResponse> {
    const [sent] = (body as { json: Message[] }).json;
    const reply = (extra: Partial<Message>): RwsResponse => ({
      status: 200,
      headers: {},
      body: [{ channel: sent?.channel ?? '', id: sent?.id, successful: true, ...extra }],
    });
    switch (sent?.channel) {
      case '/meta/handshake':
        return reply({ clientId: `${name}:${this.life}`, version: '1.0', supportedConnectionTypes: ['long-polling'] });
      case '/meta/connect':
        if (sent.clientId !== `${name}:${this.life}`) {
          return reply({ successful: false, error: '402::Unknown client', advice: { reconnect: 'handshake' } });
        }
        if (sent.advice?.timeout !== 0) await this.#hold(signal);
        return reply({ advice: { reconnect: 'retry', interval: 0, timeout: HOLD_MS } });
      default:
        return reply({});
    }
  }

  #hold(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (report: () => void): void => {
        this.#cuts.delete(cut);
        timer.cancel();
        report();
      };
      const cut = (): void => settle(() => reject(unreachable()));
      const timer = this.#clock.after(HOLD_MS, () => settle(resolve));
      this.#cuts.add(cut);
      signal?.addEventListener('abort', () => settle(() => reject(new AppError('aborted', 'cancelled'))));
    });
  }
}

function unreachable(): RwsError {
  return new RwsError({ kind: 'unavailable', statusMessage: 'refused the connection' });
}
