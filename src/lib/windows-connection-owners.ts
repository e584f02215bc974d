import { describeError } from '../shared/errors';
import type { ConnectionEnds, ConnectionOwner, ConnectionOwners, PortHolder } from './connection-owners';
import { FreshRead } from './fresh-read';
import { findWindowsConnection, findWindowsListener, parseWindowsSockets, type WindowsSocket } from './windows-socket-table';

/** What Windows is asked. Every answer comes, or does not, within a deadline: rejects then. */
export interface WindowsSessions {
  /** What `GetExtendedTcpTable` writes. */
  socketTable(family: 'tcp' | 'tcp6'): Promise<Buffer>;
  /** The session a process runs in; rejects when there is no such process or this user may not ask. */
  sessionOf(processId: number): Promise<number>;
  /** How many people are signed in, those included whose session is disconnected. */
  countPeople(): Promise<number>;
}

export interface WindowsConnectionOwnersOptions {
  readonly system: WindowsSessions;
  /** Of this process. */
  readonly processId: number;
}

/** Services, and no person: what runs there may read all. */
const SERVICES = 0;

/**
 * Windows: the table of sockets names the process of each, and a process runs in one session. Whoever is in another session is another user,
 * with another screen. Whatever fails is `untold`.
 */
export class WindowsConnectionOwners implements ConnectionOwners {
  readonly #system: WindowsSessions;
  readonly #processId: number;
  readonly #sockets: FreshRead<readonly WindowsSocket[]>;
  #ownSession: Promise<number> | undefined;

  constructor({ system, processId }: WindowsConnectionOwnersOptions) {
    this.#system = system;
    this.#processId = processId;
    this.#sockets = new FreshRead(async () => [...(await this.#read('tcp')), ...(await this.#read('tcp6'))]);
  }

  async ownerOf({ local, remote }: ConnectionEnds): Promise<ConnectionOwner> {
    try {
      const sockets = await this.#sockets.get();
      const caller = findWindowsConnection(sockets, remote, local);
      if (caller !== undefined) return await this.#ownerOfProcess(caller.processId);
      // A table that has our end is one that would have the other.
      if (findWindowsConnection(sockets, local, remote) !== undefined) return { relation: 'gone' };
      return { relation: 'untold', reason: "the system's table of connections lacks this one" };
    } catch (error) {
      return { relation: 'untold', reason: describeError(error) };
    }
  }

  async holderOf(port: number): Promise<PortHolder | undefined> {
    const holder = findWindowsListener(await this.#sockets.get(), port);
    if (holder === undefined || holder.processId === 0) return undefined;
    return { owner: await this.#ownerOfProcess(holder.processId), process: { id: holder.processId } };
  }

  async isShared(): Promise<boolean> {
    return (await this.#system.countPeople()) > 1;
  }

  async #read(family: 'tcp' | 'tcp6'): Promise<readonly WindowsSocket[]> {
    return parseWindowsSockets(await this.#system.socketTable(family), family);
  }

  async #ownerOfProcess(id: number): Promise<ConnectionOwner> {
    if (id === 0) return { relation: 'gone' };
    const own = await this.#findOwnSession();
    try {
      const session = await this.#system.sessionOf(id);
      if (session === own) return { relation: 'sameUser' };
      return session === SERVICES
        ? { relation: 'administrator', user: 'a service of the system' }
        : { relation: 'otherUser', user: `the user of session ${session}` };
    } catch (error) {
      return { relation: 'untold', reason: describeError(error) };
    }
  }

  #findOwnSession(): Promise<number> {
    this.#ownSession ??= this.#system.sessionOf(this.#processId);
    this.#ownSession.catch(() => (this.#ownSession = undefined)); // asked again with the next caller
    return this.#ownSession;
  }
}
