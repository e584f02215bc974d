import type { Logger } from '../../lib/logger';
import { HttpListener } from '../http/http-listener';
import type { DataCentreName, SimulatorOptions } from '../options';
import { ContactCenterSessions } from './contact-center-sessions';
import { createRwsApp, type RwsAppDeps } from './create-rws-app';
import { HttpSessions } from './http-sessions';
import { Notifications } from './notifications';
import { ResumableUploads } from './resumable-uploads';
import { omitUndefined } from '../../shared/omit-undefined';

export interface DataCentreDeps extends Omit<RwsAppDeps, 'dataCentre' | 'resumable'> {
  readonly name: DataCentreName;
  readonly port: number;
  readonly options: SimulatorOptions;
}

/** One RWS: a port with REST, CometD and uploads. Accounts, storage and faults are shared with the other data centre. */
export class DataCentre {
  readonly name: DataCentreName;
  readonly httpSessions = new HttpSessions();
  readonly contactCenterSessions: ContactCenterSessions;
  readonly notifications: Notifications;
  readonly #listener: HttpListener;
  readonly #resumable: ResumableUploads | undefined;
  readonly #log: Logger;

  constructor(deps: DataCentreDeps) {
    const { name, activity, options } = deps;
    const changed = (): void => activity.changed();
    this.name = name;
    this.#log = deps.log.child(`rws-${name}`);
    this.contactCenterSessions = new ContactCenterSessions(changed);
    this.notifications = new Notifications(options.bayeux ?? {}, changed);
    this.#resumable = options.isResumable ? new ResumableUploads({ ...deps, dataCentre: name }) : undefined;
    const app = createRwsApp({ ...deps, dataCentre: this, resumable: this.#resumable, log: this.#log });
    this.#listener = new HttpListener(app, { port: deps.port, ...omitUndefined({ tls: options.tls }) });
  }

  get origin(): string {
    return this.#listener.origin;
  }

  get isOnline(): boolean {
    return this.#listener.isOpen;
  }

  async start(): Promise<string> {
    await this.#resumable?.open();
    return this.goOnline();
  }

  async stop(): Promise<void> {
    await this.#listener.close();
    this.notifications.close();
  }

  /** Nobody listens any more, every socket is cut; sessions are kept, as behind a network that is down. */
  async goOffline(): Promise<void> {
    await this.#listener.close();
    this.#log.info('went offline');
  }

  async goOnline(): Promise<string> {
    const origin = await this.#listener.open();
    this.#log.info('online', { origin });
    return origin;
  }

  /** Forgets every session without closing a port. Polls that are held open are cut. */
  dropSessions(): void {
    this.httpSessions.endAll();
    this.contactCenterSessions.endAll();
    this.notifications.reset();
    this.cutConnections();
  }

  cutConnections(): void {
    this.#listener.cutConnections();
  }
}
