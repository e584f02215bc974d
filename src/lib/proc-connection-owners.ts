import { readFile } from 'node:fs/promises';
import type { ConnectionEnds, ConnectionOwner, ConnectionOwners, Endpoint, PortHolder } from './connection-owners';
import { FreshRead } from './fresh-read';
import { findSocketProcess } from './proc-socket-process';
import { ANYWHERE, findConnection, findListener, mapped, type SocketRow } from './socket-table';
import { holdingTimers } from './clock';
import { withDeadline } from './deadline';
import { errnoOf } from './errno-of';
import { omitUndefined } from '../shared/omit-undefined';

const ROOT = 0;
const READ_TIMEOUT_MS = 2_000;
const LOOPBACKS = { tcp: ['127.0.0.1'], tcp6: ['::1', '::ffff:127.0.0.1'] } as const;
const ABSENT: readonly string[] = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'];
const TABLES = ['tcp', 'tcp6'] as const;

type TableName = (typeof TABLES)[number];

export interface ProcConnectionOwnersOptions {
  /** The user this process runs as. */
  readonly uid: number;
  /** Reads a file; for tests. */
  readonly read?: (path: string) => Promise<string>;
  /** Which process has a socket open; for tests. */
  readonly processOf?: typeof findSocketProcess;
}

/**
 * Linux: the socket tables of the kernel, `/proc/net/tcp` and `tcp6`, say which user made each socket.
 *
 * INVARIANTS
 * - A row whose process has closed it says user 0 whoever had it, and counts for nobody.
 * - That a connection is not in the table counts only while our own listening socket is: a table without it tells nothing (WSL 1, some
 *   sandboxes), and a caller cannot bring that about.
 */
export class ProcConnectionOwners implements ConnectionOwners {
  readonly #uid: number;
  readonly #tables: Readonly<Record<TableName, FreshRead<string | undefined>>>;
  readonly #read: (path: string) => Promise<string>;
  readonly #processOf: typeof findSocketProcess;

  constructor({ uid, read = (path) => readFile(path, 'latin1'), processOf = findSocketProcess }: ProcConnectionOwnersOptions) {
    this.#uid = uid;
    this.#read = read;
    this.#processOf = processOf;
    const table = (name: TableName): FreshRead<string | undefined> => new FreshRead(() => readTable(`/proc/net/${name}`, read));
    this.#tables = { tcp: table('tcp'), tcp6: table('tcp6') };
  }

  async ownerOf(connection: ConnectionEnds): Promise<ConnectionOwner> {
    // A row can be passed over while others come and go between two pieces of one read.
    const row = (await this.#find(connection)) ?? (await this.#find(connection));
    if (row !== undefined) return row.isHeld ? this.#describe(row.uid) : { relation: 'gone' };
    if (await this.#isComplete(connection.local)) return { relation: 'gone' };
    return { relation: 'untold', reason: 'this system does not tell which user a caller is' };
  }

  async holderOf(port: number): Promise<PortHolder | undefined> {
    for (const name of TABLES) {
      const table = (await this.#tables[name].get()) ?? '';
      const rows = [...LOOPBACKS[name], ...ANYWHERE[name]].map((address) => findListener(table, { address, port }));
      const held = rows.find((row) => row?.isHeld === true);
      if (held !== undefined) {
        const process = await this.#processOf(held.inode);
        return { owner: await this.#describe(held.uid), ...omitUndefined({ process }) };
      }
    }
    return undefined;
  }

  /** Where the kernel gives a table, it tells every caller's user. */
  isShared(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** The caller's end: our remote one is its local one. An IPv6 socket can talk to our IPv4 one. */
  async #find({ local, remote }: ConnectionEnds): Promise<SocketRow | undefined> {
    const isIpv4 = !remote.address.includes(':');
    const table = isIpv4 ? await this.#tables.tcp.get() : undefined;
    const row = table === undefined ? undefined : findConnection(table, remote, local);
    return row ?? findConnection((await this.#tables.tcp6.get()) ?? '', mapped(remote), mapped(local));
  }

  async #isComplete(own: Endpoint): Promise<boolean> {
    const name = own.address.includes(':') ? 'tcp6' : 'tcp';
    return findListener((await this.#tables[name].get()) ?? '', own) !== undefined;
  }

  async #describe(uid: number): Promise<ConnectionOwner> {
    if (uid === this.#uid) return { relation: 'sameUser' };
    return { relation: uid === ROOT ? 'administrator' : 'otherUser', user: await this.#nameOf(uid) };
  }

  /** Accounts of a directory service are in no file, and stay numbers. */
  async #nameOf(uid: number): Promise<string> {
    const accounts = await this.#read('/etc/passwd').catch(() => '');
    const entry = accounts.split('\n').find((line) => line.split(':')[2] === String(uid));
    return entry?.split(':')[0] || `user number ${uid}`;
  }
}

/** `undefined` when there is no such table for this process. Rejects when it is there and cannot be had now: a caller may have brought that about. */
async function readTable(path: string, read: (path: string) => Promise<string>): Promise<string | undefined> {
  const tooLate = (): Error => new Error(`${path} could not be read in time`);
  return withDeadline(holdingTimers, { ms: READ_TIMEOUT_MS, tooLate }, () => read(path).catch(absent));
}

function absent(error: unknown): undefined {
  if (!ABSENT.includes(errnoOf(error) ?? '')) throw error;
  return undefined;
}
