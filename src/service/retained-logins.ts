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
 * nothing but the queue ever sees it. One that a newer login of the same agent takes the place of is dropped as soon as no upload
 * uses it, and never outlives that agent's other logins.
 */
export class RetainedLogins implements UploadLogins {
  readonly #deps: RetainedLoginsDeps;
  readonly #changed: Emitter<void>;
  readonly #retained = new Map<string, Retained>();
  /** How many uploads run on a login. */
  readonly #held = new Map<RwsLogin, number>();
  readonly #superseded = new Set<RwsLogin>();
  #live: RwsLogin | undefined;

  constructor(deps: RetainedLoginsDeps) {
    this.#deps = deps;
    this.#changed = new Emitter((error) => deps.log.error('a listener for upload logins failed', { error }));
  }

  /** A session is open with this login. The same agent's retained login is not needed any more. */
  opened(login: RwsLogin): void {
    this.#live = login;
    this.#supersedeRetained(login.user.userName);
    this.#changed.emit();
  }

  /** The session with this login is over; the queue may go on with it. */
  released(login: RwsLogin): void {
    if (this.#live === login) this.#live = undefined;
    const { userName } = login.user;
    const ms = this.#deps.afterLogoutMinutes * 60_000;
    if (this.#live?.user.userName === userName) this.#supersede(login);
    else if (ms === 0 || !this.#deps.hasWorkFor(userName)) {
      login.discard();
      this.#dropSuperseded(userName);
    } else {
      this.#supersedeRetained(userName);
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
    this.#dropSuperseded();
  }

  #expire(userName: string): void {
    this.#deps.log.info('login for the upload queue dropped: its time is over');
    this.#drop(userName);
    this.#changed.emit();
  }

  #drop(userName: string): void {
    this.#takeRetained(userName)?.discard();
    this.#dropSuperseded(userName);
  }

  #takeRetained(userName: string): RwsLogin | undefined {
    const retained = this.#retained.get(userName);
    this.#retained.delete(userName);
    retained?.timer.cancel();
    return retained?.login === this.#live ? undefined : retained?.login;
  }

  #supersedeRetained(userName: string): void {
    const login = this.#takeRetained(userName);
    if (login !== undefined) this.#supersede(login);
  }

  /** A session that is opened again must not cut the upload that runs on the login before. */
  #supersede(login: RwsLogin): void {
    if (this.#held.has(login)) this.#superseded.add(login);
    else login.discard();
  }

  /** @param userName of this agent only; default: all */
  #dropSuperseded(userName?: string): void {
    for (const login of this.#superseded) {
      if (userName !== undefined && login.user.userName !== userName) continue;
      this.#superseded.delete(login);
      login.discard();
    }
  }

  #hold(login: RwsLogin): () => void {
    this.#held.set(login, (this.#held.get(login) ?? 0) + 1);
    return () => {
      const left = (this.#held.get(login) ?? 1) - 1;
      if (left > 0) this.#held.set(login, left);
      else this.#held.delete(login);
      if (left === 0 && this.#superseded.delete(login)) login.discard();
    };
  }

  #toUploadLogin(login: RwsLogin, isOwn: boolean): UploadLogin {
    const { contactCenterId, userName } = login.user;
    return {
      userName,
      isOwn,
      ...(contactCenterId === undefined ? {} : { contactCenterId }),
      http: login.http,
      hold: () => this.#hold(login),
      report: async (report) => {
        // Of a kept login the session is over; that a recording failed is told on the one that is open.
        const isTold = report.state === 'Failed' ? this.#live !== undefined : this.#live === login;
        if (!isTold) return;
        await this.#deps
          .report(report)
          .catch((error: unknown) => this.#deps.log.info('state report not sent', { reason: describeError(error) }));
      },
    };
  }
}
