import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { Serial } from '../lib/serial';
import type { Connector, Connection } from './connector';
import type { KeptCredentials } from './kept-credentials';
import type { ReportQueue } from './report-queue';
import type { SessionHooks } from './ports';
import { withinTime } from './within-time';

interface SessionCloserDeps {
  readonly connector: Connector;
  readonly kept: KeptCredentials;
  readonly reports: ReportQueue;
  readonly hooks: SessionHooks;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A recorder that hangs must not keep the agent signed in. */
const FINISH_DEADLINE_MS = 15_000;

/** Closes sessions one after the other: forget the credentials, finish the recording, say goodbye, hand the login to the upload queue. */
export class SessionCloser {
  readonly #deps: SessionCloserDeps;
  readonly #closings = new Serial();
  #current: Connection | undefined;

  constructor(deps: SessionCloserDeps) {
    this.#deps = deps;
  }

  /** Still takes the reports of the recording that is being finished. */
  get current(): Connection | undefined {
    return this.#current;
  }

  /** @param open absent when the outage had taken it already; nothing of it reaches the machine any more */
  close(open: Connection | undefined, reason: string): Promise<void> {
    const { connector, kept, reports, hooks, log } = this.#deps;
    open?.channel.close();
    return this.#closings.run(async () => {
      const forgotten = kept.clear();
      this.#current = open;
      await this.#finishRecording(reason);
      await reports.flush(open === undefined ? undefined : connector.toReportSink(open));
      this.#current = undefined;
      reports.clear();
      if (open !== undefined) {
        await connector.end(open);
        hooks.releaseLogin(open.login, open.servers);
      }
      await forgotten;
      log.info('session closed', { reason });
    });
  }

  /** Resolves when every closing so far is complete. */
  idle(): Promise<void> {
    return this.#closings.idle();
  }

  async #finishRecording(reason: string): Promise<void> {
    const { clock, hooks, log } = this.#deps;
    try {
      await withinTime(clock, { ms: FINISH_DEADLINE_MS, what: 'Finishing the recording' }, () => hooks.finishRecording(reason));
    } catch (error) {
      log.error('the running recording was not finished', { error });
    }
  }
}
