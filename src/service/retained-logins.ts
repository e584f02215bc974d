import type { UploadConfiguration } from '../config/schema';
import type { Clock, Timer } from '../lib/clock';
import type { Logger } from '../lib/logger';
import type { RwsLogin } from '../rws/ports';
import type { ServerGate } from '../session/server-gate';
import type { StateReport } from '../shared/recording';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import { isSameUserName } from '../shared/same-name';
import { isSamePair, type ServerPair } from '../shared/server-pair';
import type { JobOwner, UploadLogin, UploadLogins } from '../upload/ports';
import { omitUndefined } from '../shared/omit-undefined';

export interface RetainedLoginsDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly gate: Pick<ServerGate, 'mayTake' | 'isRetired'>;
  readonly config: Pick<UploadConfiguration, 'afterLogoutMinutes' | 'byAnyAgent'>;
}

/** What a login that is kept is kept for. */
export interface WaitingWork {
  /** Is there anything left to upload of those for whom the question holds? */
  hasWorkFor(isTheirs: (owner: JobOwner) => boolean): boolean;
}

/** A login and the pair it was made for: together with the user name they say which agent it is. */
export interface AgentLogin {
  readonly login: RwsLogin;
  readonly servers: ServerPair;
}

interface Retained extends AgentLogin {
  readonly timer: Timer;
}

/**
 * Whose login carries an upload (rws.md). INVARIANTS: no login carries what another pair of servers commanded, own, kept or any agent's
 * alike; a login is either the live one or retained, never both; a retained login is dropped, with its credentials, when its agent's queue
 * is empty and at the latest after `upload.afterLogoutMinutes`; nothing but the queue ever sees it. One that a newer login of the same
 * agent takes the place of is dropped as soon as no upload uses it, and never outlives that agent's other logins.
 */
export class RetainedLogins implements UploadLogins {
  readonly #deps: RetainedLoginsDeps;
  readonly #changed: Emitter<void>;
  readonly #reports: Emitter<{ readonly report: StateReport; readonly recordedFor: ServerPair | undefined }>;
  readonly #retained = new Set<Retained>();
  /** How many uploads run on a login. */
  readonly #held = new Map<RwsLogin, number>();
  readonly #superseded = new Set<AgentLogin>();
  #live: AgentLogin | undefined;

  constructor(deps: RetainedLoginsDeps) {
    this.#deps = deps;
    const onListenerError = (error: unknown): void => deps.log.error('a listener for upload logins failed', { error });
    this.#changed = new Emitter(onListenerError);
    this.#reports = new Emitter(onListenerError);
  }

  /** A session is open with this login. The same agent's retained login is not needed any more. */
  opened(live: AgentLogin): void {
    this.#live = live;
    this.#supersedeRetained(live);
    this.#changed.emit();
  }

  /** The session with this login is over; the queue may go on with it. */
  released(over: AgentLogin, work: WaitingWork): void {
    if (this.#live?.login === over.login) this.#live = undefined;
    const ms = this.#deps.config.afterLogoutMinutes * 60_000;
    if (this.#live !== undefined && isSameAgent(this.#live, over)) this.#supersede(over);
    else if (ms === 0 || !this.#hasWork(over, work)) {
      over.login.discard();
      this.#dropSuperseded((other) => isSameAgent(other, over));
    } else this.#retain(over, ms);
    this.#changed.emit();
  }

  /** The queue changed: logins that have nothing left to carry go. */
  dropIdle(work: WaitingWork): void {
    for (const retained of [...this.#retained]) if (!this.#hasWork(retained, work)) this.#drop(retained);
  }

  find(owner: JobOwner): UploadLogin | undefined {
    const live = this.#live;
    const candidates = [...(live === undefined ? [] : [live]), ...this.#retained].filter((candidate) => this.#isOwn(candidate, owner));
    const own = candidates.find(({ login }) => login.user.userName === owner.userName) ?? candidates[0];
    if (own !== undefined) return this.#toUploadLogin(own.login, owner, true);
    if (!this.#deps.config.byAnyAgent || live === undefined || !this.#mayTake(live, owner)) return undefined;
    return this.#toUploadLogin(live.login, owner, false);
  }

  isRetired({ servers }: JobOwner): boolean {
    return this.#deps.gate.isRetired(servers);
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#changed.subscribe(listener);
  }

  /** What is to be reported on the agent's live session, unless that is at another RWS. */
  onReport(listener: (report: StateReport, recordedFor: ServerPair | undefined) => void): Unsubscribe {
    return this.#reports.subscribe(({ report, recordedFor }) => listener(report, recordedFor));
  }

  /** Drops every retained login (shutdown). */
  clear(): void {
    for (const retained of [...this.#retained]) this.#drop(retained);
    this.#dropSuperseded(() => true);
  }

  #mayTake({ login, servers }: AgentLogin, owner: JobOwner): boolean {
    return this.#deps.gate.mayTake({ servers, server: login.http.server }, owner.servers);
  }

  #isOwn(candidate: AgentLogin, owner: JobOwner): boolean {
    return isSameUserName(candidate.login.user.userName, owner.userName) && this.#mayTake(candidate, owner);
  }

  #hasWork(candidate: AgentLogin, work: WaitingWork): boolean {
    return work.hasWorkFor((owner) => this.#isOwn(candidate, owner));
  }

  #retain(over: AgentLogin, ms: number): void {
    this.#supersedeRetained(over);
    const retained: Retained = { ...over, timer: this.#deps.clock.after(ms, () => this.#expire(retained)) };
    this.#retained.add(retained);
    this.#deps.log.info('login kept for the upload queue', { minutes: this.#deps.config.afterLogoutMinutes });
  }

  #expire(retained: Retained): void {
    this.#deps.log.info('login for the upload queue dropped: its time is over');
    this.#drop(retained);
    this.#changed.emit();
  }

  #drop(retained: Retained): void {
    this.#take(retained);
    if (retained.login !== this.#live?.login) retained.login.discard();
    this.#dropSuperseded((other) => isSameAgent(other, retained));
  }

  #take(retained: Retained): void {
    this.#retained.delete(retained);
    retained.timer.cancel();
  }

  #supersedeRetained(by: AgentLogin): void {
    for (const retained of [...this.#retained].filter((candidate) => isSameAgent(candidate, by))) {
      this.#take(retained);
      if (retained.login !== this.#live?.login) this.#supersede(retained);
    }
  }

  /** A session that is opened again must not cut the upload that runs on the login before. */
  #supersede(before: AgentLogin): void {
    if (this.#held.has(before.login)) this.#superseded.add(before);
    else before.login.discard();
  }

  #dropSuperseded(isMeant: (superseded: AgentLogin) => boolean): void {
    for (const superseded of [...this.#superseded].filter(isMeant)) {
      this.#superseded.delete(superseded);
      superseded.login.discard();
    }
  }

  #hold(login: RwsLogin): () => void {
    this.#held.set(login, (this.#held.get(login) ?? 0) + 1);
    return () => {
      const left = (this.#held.get(login) ?? 1) - 1;
      if (left > 0) this.#held.set(login, left);
      else this.#held.delete(login);
      if (left === 0) this.#dropSuperseded((superseded) => superseded.login === login);
    };
  }

  #toUploadLogin(login: RwsLogin, owner: JobOwner, isOwn: boolean): UploadLogin {
    const { contactCenterId, userName } = login.user;
    return {
      userName,
      isOwn,
      ...omitUndefined({ contactCenterId }),
      http: login.http,
      hold: () => this.#hold(login),
      report: (report) => {
        // Of a kept login the session is over; that a recording failed is told on the one that is open.
        const isTold = report.state === 'Failed' ? this.#live !== undefined : this.#live?.login === login;
        if (isTold) this.#reports.emit({ report, recordedFor: owner.servers });
      },
    };
  }
}

function isSameAgent(one: AgentLogin, other: AgentLogin): boolean {
  return isSameUserName(one.login.user.userName, other.login.user.userName) && isSamePair(one.servers, other.servers);
}
