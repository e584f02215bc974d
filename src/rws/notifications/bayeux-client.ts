import { CometD, type FailureInfo, type Message } from 'cometd';
import type { Clock, Timer } from '../../lib/clock';
import type { PollingTransport } from './polling-transport';

interface BayeuxClientDeps {
  readonly url: string;
  readonly transport: PollingTransport;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly onFault: (error: unknown) => void;
  /** Decides what follows a failure; called instead of CometD's own rules, which retry a 403 for ever. */
  readonly onFailure: (message: Message, info: FailureInfo, proceed: (info: FailureInfo) => void) => void;
}

const MAX_ADVICE_MS = 10 * 60_000;
/** The transport's own deadline comes first, with the better error. */
const BACKSTOP_MS = 1000;

/** The CometD core with our transport, clock and failure rules. Disposable: `dispose` leaves no timer behind. */
export class BayeuxClient extends CometD {
  readonly #deps: BayeuxClientDeps;
  readonly #timers = new Set<Timer>();

  constructor(deps: BayeuxClientDeps) {
    super();
    this.#deps = deps;
    this.unregisterTransport('long-polling');
    this.unregisterTransport('callback-polling');
    this.registerTransport('long-polling', deps.transport);
    this.configure({ url: deps.url, maxNetworkDelay: deps.timeoutMs + BACKSTOP_MS, useWorkerScheduler: false, logLevel: 'warn' });
  }

  override setTimeout(task: () => void, ms: number): Timer {
    const timer = this.#deps.clock.after(ms, () => {
      this.#timers.delete(timer);
      try {
        task();
      } catch (error) {
        this.#deps.onFault(error);
      }
    });
    this.#timers.add(timer);
    return timer;
  }

  override clearTimeout(timer: Timer | undefined): void {
    if (timer === undefined) return;
    this.#timers.delete(timer);
    timer.cancel();
  }

  override receive(message: Message): void {
    super.receive(sanitise(message));
  }

  override onTransportFailure(message: Message, info: FailureInfo, handler: (info: FailureInfo) => void): void {
    this.#deps.onFailure(message, info, (decided) => handler.call(this, { ...decided, transport: this.#deps.transport }));
  }

  dispose(): void {
    this.clearListeners();
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#deps.transport.abortAll();
  }
}

/** Keeps odd advice from stopping the client: CometD does arithmetic on it and knows no successful reply that wants a handshake. */
function sanitise(message: Message): Message {
  if (message.advice === undefined || message.advice === null) return message;
  const { reconnect, interval, timeout, maxInterval } = message.advice;
  const advice = {
    ...(reconnect === 'retry' || reconnect === 'handshake' || reconnect === 'none' ? { reconnect } : {}),
    ...toMilliseconds('interval', interval),
    ...toMilliseconds('timeout', timeout),
    ...toMilliseconds('maxInterval', maxInterval),
  };
  const wantsHandshake = message.channel === '/meta/connect' && message.successful === true && reconnect === 'handshake';
  return { ...message, advice, ...(wantsHandshake ? { successful: false } : {}) };
}

function toMilliseconds(name: 'interval' | 'timeout' | 'maxInterval', value: unknown): object {
  const number = Number(value);
  return value === undefined || !Number.isFinite(number) || number < 0 ? {} : { [name]: Math.min(number, MAX_ADVICE_MS) };
}
