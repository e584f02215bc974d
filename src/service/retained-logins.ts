import type { Clock, Timer } from '../lib/clock';
import type { Logger } from '../lib/logger';
import type { RwsLogin } from '../session/ports';
import type { StateReport } from '../shared/recording';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import { describeError } from '../shared/errors';
import type { UploadLogin, UploadLogins } from '../upload/ports';

export interface RetainedLoginsDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly afterLogoutMinutes: number;
  readonly byAnyAgent: boolean;
  /** Is there anything left to upload for this agent? */
  readonly hasWorkFor: (userName: string) => boolean;
  /** Reports on the agent's live session. Never throws. */
  readonly report: (report: StateReport) => Promise<void>;
}

interface Retained {
  readonly login: RwsLogin;
  readonly timer: Timer;
}

/**
 * Whose login carries an upload (rws.md). INVARIANTS: a login is either the live one or retained, never both; a retained
 * login is dropped, with its credentials, when its agent's queue is empty and at the latest after `upload.afterLogoutMinutes`;
 * nothing but the queue ever sees it.
 */
export class RetainedLogins implements UploadLogins {
  readonly #deps: RetainedLoginsDeps;
  readonly #changed: Emitter<void>;
  readonly #retained = new Map<string, Retained>();
  #live: RwsLogin | undefined;

  constructor(deps: RetainedLoginsDeps) {
    this.#deps = deps;
    this.#changed = new Emitter((error) => deps.log.error('a listener for upload logins failed', { error }));
  }

  /** A session is open with this login. The same agent's retained login is not needed any more. */
  opened(login: RwsLogin): void {
    this.#live = login;
    this.#drop(login.user.userName);
    this.#changed.emit();
  }

  /** The session with this login is over; the queue may go on with it. */
  released(login: RwsLogin): void {
    if (this.#live === login) this.#live = undefined;
    const { userName } = login.user;
    const ms = this.#deps.afterLogoutMinutes * 60_000;
    if (ms === 0 || this.#live?.user.userName === userName || !this.#deps.hasWorkFor(userName)) {
      login.discard();
    } else {
      this.#drop(userName);
      this.#retained.set(userName, { login, timer: this.#deps.clock.after(ms, () => this.#expire(userName)) });
      this.#deps.log.info('login kept for the upload queue', { minutes: this.#deps.afterLogoutMinutes });
    }
    this.#changed.emit();
  }

  /** The queue changed: logins that have nothing left to carry go. */
  dropIdle(): void {
    for (const userName of [...this.#retained.keys()]) if (!this.#deps.hasWorkFor(userName)) this.#drop(userName);
  }

  find(userName: string): UploadLogin | undefined {
    const own = this.#live?.user.userName === userName ? this.#live : this.#retained.get(userName)?.login;
    if (own !== undefined) return this.#toUploadLogin(own, true);
    return this.#deps.byAnyAgent && this.#live !== undefined ? this.#toUploadLogin(this.#live, false) : undefined;
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#changed.subscribe(listener);
  }

  /** Drops every retained login (shutdown). */
  clear(): void {
    for (const userName of [...this.#retained.keys()]) this.#drop(userName);
  }

  #expire(userName: string): void {
    this.#deps.log.info('login for the upload queue dropped: its time is over');
    this.#drop(userName);
    this.#changed.emit();
  }

  #drop(userName: string): void {
    const retained = this.#retained.get(userName);
    if (retained === undefined) return;
    this.#retained.delete(userName);
    retained.timer.cancel();
    if (retained.login !== this.#live) retained.login.discard();
  }

  #toUploadLogin(login: RwsLogin, isOwn: boolean): UploadLogin {
    const { contactCenterId, userName } = login.user;
    return {
      userName,
      isOwn,
      ...(contactCenterId === undefined ? {} : { contactCenterId }),
      http: login.http,
      report: async (report) => {
        if (this.#live !== login) return;
        await this.#deps
          .report(report)
          .catch((error: unknown) => this.#deps.log.info('state report not sent', { reason: describeError(error) }));
      },
    };
  }
}
