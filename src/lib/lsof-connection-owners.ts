import { execFile } from 'node:child_process';
import { isIPv6 } from 'node:net';
import { describeError } from '../shared/errors';
import { canonicalAddress } from './canonical-address';
import { holdingTimers } from './clock';
import type { ConnectionEnds, ConnectionOwner, ConnectionOwners, Endpoint, PortHolder } from './connection-owners';
import { withDeadline } from './deadline';
import { FreshRead } from './fresh-read';
import { parseLsof, type LsofSocket } from './lsof-output';

const LSOF = '/usr/sbin/lsof';
const RUN_MS = 2_000;
const ROOT = 0;
const NOT_SHOWN = 'no process that this user can see holds it';
const PLACES = ['127.0.0.1', '::1', '*'];

export interface LsofConnectionOwnersOptions {
  /** The user this process runs as. */
  readonly uid: number;
  /** What lsof says of a port; for tests. */
  readonly list?: (port: number) => Promise<string>;
}

/**
 * macOS: `lsof` says which process holds a socket, and shows an ordinary user those of their own processes. Whoever is not shown may be
 * another user, a part of the system, or gone: `untold`, and so is all that fails.
 */
export class LsofConnectionOwners implements ConnectionOwners {
  readonly #uid: number;
  readonly #list: (port: number) => Promise<string>;
  readonly #reads = new Map<number, FreshRead<readonly LsofSocket[]>>();

  constructor({ uid, list = listPort }: LsofConnectionOwnersOptions) {
    this.#uid = uid;
    this.#list = list;
  }

  async ownerOf({ local, remote }: ConnectionEnds): Promise<ConnectionOwner> {
    try {
      const sockets = await this.#socketsOf(local.port);
      const held = sockets.filter((socket) => isAt(socket.local, remote) && socket.remote !== undefined && isAt(socket.remote, local));
      const caller = held.find(({ uid }) => uid === this.#uid) ?? held[0];
      if (caller === undefined) return { relation: 'untold', reason: NOT_SHOWN };
      return this.#describe(caller);
    } catch (error) {
      return { relation: 'untold', reason: describeError(error) };
    }
  }

  /** Asked of a port that is taken: who is not shown is there all the same. */
  async holderOf(port: number): Promise<PortHolder> {
    const sockets = await this.#socketsOf(port);
    const holder = sockets.find(({ local, remote }) => remote === undefined && local.port === port && PLACES.includes(local.address));
    if (holder === undefined) return { owner: { relation: 'untold', reason: NOT_SHOWN } };
    return { owner: this.#describe(holder), process: { id: holder.processId, name: holder.command } };
  }

  /** The service of the session in front has the port: system-events.ts. */
  isShared(): Promise<boolean> {
    return Promise.resolve(false);
  }

  #socketsOf(port: number): Promise<readonly LsofSocket[]> {
    const read = this.#reads.get(port) ?? new FreshRead(async () => parseLsof(await this.#list(port)));
    this.#reads.set(port, read);
    return read.get();
  }

  #describe({ uid, user }: LsofSocket): ConnectionOwner {
    if (uid === this.#uid) return { relation: 'sameUser' };
    return { relation: uid === ROOT ? 'administrator' : 'otherUser', user };
  }
}

function isAt(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && comparable(one.address) === comparable(other.address);
}

function comparable(address: string): string {
  return isIPv6(address) ? canonicalAddress(address) : address;
}

/** Its exit code says only whether it found anything. */
function listPort(port: number): Promise<string> {
  const tooLate = (): Error => new Error('lsof did not answer in time');
  return withDeadline(
    holdingTimers,
    { ms: RUN_MS, tooLate },
    () =>
      new Promise((resolve, reject) => {
        const words = ['-nPw', `-iTCP:${port}`, '-FpcuLn'];
        execFile(LSOF, words, { timeout: RUN_MS, killSignal: 'SIGKILL', encoding: 'utf8', env: { LC_ALL: 'C' } }, (error, stdout) => {
          if (error === null || error.code === 1) resolve(stdout);
          else reject(new Error(`lsof could not be run (${String(error.code ?? error.signal)})`));
        });
      }),
  );
}
