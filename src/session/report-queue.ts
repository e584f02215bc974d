import type { Logger } from '../lib/logger';
import type { StateReport } from '../shared/recording';
import { isRwsError } from '../shared/rws-error';

type Send = (report: StateReport) => Promise<void>;

/** More than a day's recordings of one agent never wait: an outage that long has other worries. */
const MAX_WAITING = 200;

/** State reports in their order; those RWS could not be reached for wait for the session to come back. Never throws. */
export class ReportQueue {
  readonly #log: Logger;
  #waiting: readonly StateReport[] = [];
  #sending: Promise<void> | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Resolves when the report was sent, refused, or put aside. */
  async add(report: StateReport, send: Send | undefined): Promise<void> {
    this.#waiting = [...this.#waiting, report].slice(-MAX_WAITING);
    await this.flush(send);
  }

  /** @param send `undefined` while there is no session */
  async flush(send: Send | undefined): Promise<void> {
    if (send === undefined) return;
    while (this.#sending !== undefined) await this.#sending;
    this.#sending = this.#sendAll(send);
    try {
      await this.#sending;
    } finally {
      this.#sending = undefined;
    }
  }

  /** The agent whose session it was has gone. */
  clear(): void {
    this.#waiting = [];
  }

  async #sendAll(send: Send): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const report = next;
      try {
        await send(report);
      } catch (error) {
        const { recordingId, state } = report;
        const reason = isRwsError(error) ? error.statusMessage : 'cancelled';
        this.#log.info('state report not sent', { recordingId, state, reason });
        if (isRwsError(error, 'unavailable') || isRwsError(error, 'broken')) return;
      }
      this.#waiting = this.#waiting.filter((waiting) => waiting !== report);
    }
  }
}
