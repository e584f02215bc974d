import type { Logger } from '../lib/logger';
import type { StateReport } from '../shared/recording';
import { isRwsError } from '../shared/rws-error';
import type { ServerPair } from '../shared/server-pair';

/** The session that reports go out on now. */
export interface ReportSink {
  send(report: StateReport): Promise<void>;
  /** May it hear of what was recorded for this pair? See `ServerGate.mayTake`. */
  mayTake(recordedFor: ServerPair | undefined): boolean;
}

interface Waiting {
  readonly report: StateReport;
  readonly recordedFor: ServerPair | undefined;
}

/** More than a day's recordings of one agent never wait: an outage that long has other worries. */
const MAX_WAITING = 200;

/**
 * State reports in their order; those RWS could not be reached for wait for the session to come back. One that comes so late that another
 * RWS has the session is dropped. Never throws.
 */
export class ReportQueue {
  readonly #log: Logger;
  #waiting: readonly Waiting[] = [];
  #sending: Promise<void> | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Resolves when the report was sent, refused, or put aside. */
  async add(waiting: Waiting, sink: ReportSink | undefined): Promise<void> {
    this.#waiting = [...this.#waiting, waiting].slice(-MAX_WAITING);
    await this.flush(sink);
  }

  /** @param sink `undefined` while there is no session */
  async flush(sink: ReportSink | undefined): Promise<void> {
    if (sink === undefined) return;
    while (this.#sending !== undefined) await this.#sending;
    this.#sending = this.#sendAll(sink);
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

  async #sendAll(sink: ReportSink): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const current = next;
      if (!(await this.#send(current, sink))) return;
      this.#waiting = this.#waiting.filter((waiting) => waiting !== current);
    }
  }

  /** @returns whether it is over with this report; `false`: RWS is away */
  async #send({ report, recordedFor }: Waiting, sink: ReportSink): Promise<boolean> {
    const { recordingId, state } = report;
    try {
      if (sink.mayTake(recordedFor)) await sink.send(report);
      else this.#log.warn('state report dropped: the recording belongs to another server', { recordingId, state });
      return true;
    } catch (error) {
      const reason = isRwsError(error) ? error.statusMessage : 'cancelled';
      this.#log.info('state report not sent', { recordingId, state, reason });
      return !isRwsError(error, 'unavailable') && !isRwsError(error, 'broken');
    }
  }
}
