import { version } from 'node:os';
import { NativeCalls, type NativeFunction } from './native-calls';
import { countSignedIn, SESSION_BYTES } from './windows-session-table';
import type { WindowsSessions } from './windows-connection-owners';
import type { WindowsSessionPlaces } from './windows-front-session';

const FAMILIES = { tcp: 2, tcp6: 23 } as const;
/** TCP_TABLE_OWNER_PID_ALL. */
const WITH_PROCESS_IDS = 5;
const NO_ERROR = 0;
const ERROR_INSUFFICIENT_BUFFER = 122;
const FIRST_BYTES = 64 * 1024;
/** It may grow between two calls. */
const MAX_TRIES = 5;
/** WTS_CURRENT_SESSION. */
const OWN_SESSION = 0xffffffff;
/** WTSConnectState of WTS_INFO_CLASS. */
const CONNECT_STATE = 8;
/** Editions that several people use at once, where Windows cannot be asked how many there are. */
const MADE_FOR_MANY = /server|multi-session/i;

interface Functions {
  readonly getTable: NativeFunction;
  readonly sessionOfProcess: NativeFunction;
  readonly listSessions: NativeFunction;
  readonly querySession: NativeFunction;
  readonly consoleSession: NativeFunction;
  readonly freeMemory: NativeFunction;
}

/** Windows itself: `iphlpapi`, `kernel32`, `wtsapi32`. Nothing of it is loaded before the first question. */
export class NativeWindowsSessions implements WindowsSessions, WindowsSessionPlaces {
  readonly #calls = new NativeCalls();
  #functions: Promise<Functions> | undefined;

  async socketTable(family: 'tcp' | 'tcp6'): Promise<Buffer> {
    const { getTable } = await this.#load();
    const size = uint32(FIRST_BYTES);
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const table = Buffer.alloc(size.readUInt32LE());
      const result = await this.#calls.run(getTable, table, size, 0, FAMILIES[family], WITH_PROCESS_IDS, 0);
      if (result === NO_ERROR) return table;
      if (result !== ERROR_INSUFFICIENT_BUFFER) throw new Error(`Windows did not give its table of connections (error ${result})`);
    }
    throw new Error('the table of connections grew faster than it could be read');
  }

  async sessionOf(processId: number): Promise<number> {
    const { sessionOfProcess } = await this.#load();
    const session = uint32(0);
    if ((await this.#calls.run(sessionOfProcess, processId, session)) === 0) {
      throw new Error('Windows did not tell in which session the process of the connection runs');
    }
    return session.readUInt32LE();
  }

  async countPeople(): Promise<number> {
    try {
      return await this.#countSessions();
    } catch {
      // Then by what this Windows is for.
      return MADE_FOR_MANY.test(version()) ? 2 : 1;
    }
  }

  async connectState(): Promise<number> {
    const { querySession, freeMemory } = await this.#load();
    const [where, size] = [Buffer.alloc(8), uint32(0)];
    const isGiven = await this.#calls.run(querySession, null, OWN_SESSION, CONNECT_STATE, where, size);
    const address = where.readBigUInt64LE();
    if (isGiven === 0 || address === 0n) throw new Error('Windows did not tell the state of this session');
    try {
      if (size.readUInt32LE() < 4) throw new Error('Windows told no state of this session');
      return (await this.#calls.read(address, 4)).readUInt32LE();
    } finally {
      await this.#calls.run(freeMemory, address);
    }
  }

  async consoleSession(): Promise<number> {
    const { consoleSession } = await this.#load();
    return this.#calls.run(consoleSession);
  }

  async #countSessions(): Promise<number> {
    const { listSessions, freeMemory } = await this.#load();
    const [where, count] = [Buffer.alloc(8), uint32(0)];
    const isGiven = await this.#calls.run(listSessions, null, 0, 1, where, count);
    const address = where.readBigUInt64LE();
    if (isGiven === 0 || address === 0n) throw new Error('Windows did not list its sessions');
    try {
      return countSignedIn(await this.#calls.read(address, count.readUInt32LE() * SESSION_BYTES));
    } finally {
      await this.#calls.run(freeMemory, address);
    }
  }

  #load(): Promise<Functions> {
    this.#functions ??= this.#loadFunctions();
    this.#functions.catch(() => (this.#functions = undefined));
    return this.#functions;
  }

  async #loadFunctions(): Promise<Functions> {
    const calls = this.#calls;
    const tables =
      'uint32_t __stdcall GetExtendedTcpTable(void *table, void *size, int sorted, uint32_t family, int kind, uint32_t reserved)';
    const sessions = 'int __stdcall WTSEnumerateSessionsW(void *server, uint32_t reserved, uint32_t version, void *sessions, void *count)';
    return {
      getTable: await calls.find('iphlpapi.dll', tables),
      sessionOfProcess: await calls.find('kernel32.dll', 'int __stdcall ProcessIdToSessionId(uint32_t process, void *session)'),
      listSessions: await calls.find('wtsapi32.dll', sessions),
      querySession: await calls.find(
        'wtsapi32.dll',
        'int __stdcall WTSQuerySessionInformationW(void *server, uint32_t session, int what, void *answer, void *bytes)',
      ),
      consoleSession: await calls.find('kernel32.dll', 'uint32_t __stdcall WTSGetActiveConsoleSessionId()'),
      freeMemory: await calls.find('wtsapi32.dll', 'void __stdcall WTSFreeMemory(void *memory)'),
    };
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
