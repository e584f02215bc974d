import type { ConnectionEnds } from '../../../src/lib/connection-owners';
import { WindowsConnectionOwners } from '../../../src/lib/windows-connection-owners';
import { countSignedIn } from '../../../src/lib/windows-session-table';
import { windowsTable, windowsTable6, type WindowsRow } from '../../support/windows-socket-rows';

const OWN_PROCESS = 100;
const OWN_SESSION = 2;
const V4: ConnectionEnds = { local: { address: '127.0.0.1', port: 8080 }, remote: { address: '127.0.0.1', port: 54321 } };
const LISTENER: WindowsRow = { state: 2, local: '127.0.0.1', localPort: 8080, remote: '0.0.0.0', remotePort: 0, pid: OWN_PROCESS };
const OWN_END: WindowsRow = { ...LISTENER, state: 5, remote: '127.0.0.1', remotePort: 54321 };
const callers = (pid: number): WindowsRow => ({ ...OWN_END, localPort: 54321, remotePort: 8080, pid });

interface Facts {
  readonly rows?: readonly WindowsRow[] | Error;
  readonly sessions?: Readonly<Record<number, number>>;
  readonly people?: number;
}

function owners({ rows = [], sessions = {}, people = 1 }: Facts): WindowsConnectionOwners {
  const known: Readonly<Record<number, number>> = { [OWN_PROCESS]: OWN_SESSION, ...sessions };
  return new WindowsConnectionOwners({
    processId: OWN_PROCESS,
    system: {
      socketTable: async (family) => {
        if (rows instanceof Error) throw rows;
        return family === 'tcp' ? windowsTable(...rows) : windowsTable6();
      },
      sessionOf: async (id) => {
        const session = known[id];
        if (session === undefined) throw new Error('not told');
        return session;
      },
      countPeople: async () => people,
    },
  });
}

describe('WindowsConnectionOwners', () => {
  const rows = [LISTENER, OWN_END, callers(7)];
  it.each<[string, Facts, object]>([
    ['a process of the same session', { rows, sessions: { 7: OWN_SESSION } }, { relation: 'sameUser' }],
    ['a process of another session', { rows, sessions: { 7: 3 } }, { relation: 'otherUser', user: 'the user of session 3' }],
    ['a service of the system', { rows, sessions: { 7: 0 } }, { relation: 'administrator' }],
    ['a process whose session is not told', { rows }, { relation: 'untold', reason: 'not told' }],
    ['a connection that its process has closed', { rows: [LISTENER, OWN_END, callers(0)] }, { relation: 'gone' }],
    ['a connection that has our end alone', { rows: [LISTENER, OWN_END] }, { relation: 'gone' }],
    ['a table without the connection', { rows: [LISTENER] }, { relation: 'untold' }],
    ['no table', { rows: new Error('late') }, { relation: 'untold', reason: 'late' }],
    ['a service whose own session is not told', { rows, sessions: { 7: 3, [OWN_PROCESS]: undefined as never } }, { relation: 'untold' }],
  ])('%s', async (_what, facts, expected) => {
    expect(await owners(facts).ownerOf(V4)).toMatchObject(expected);
  });

  it('asks for its own session again where that failed', async () => {
    let fails = true;
    const asking = new WindowsConnectionOwners({
      processId: OWN_PROCESS,
      system: {
        socketTable: async (family) => (family === 'tcp' ? windowsTable(...rows) : windowsTable6()),
        sessionOf: async () => {
          if (fails) throw new Error('late');
          return OWN_SESSION;
        },
        countPeople: async () => 1,
      },
    });
    expect(await asking.ownerOf(V4)).toEqual({ relation: 'untold', reason: 'late' });
    fails = false;
    expect(await asking.ownerOf(V4)).toEqual({ relation: 'sameUser' });
  });

  it('says who listens on a port', async () => {
    const other = owners({ rows: [{ ...LISTENER, pid: 7 }], sessions: { 7: 3 } });
    expect(await other.holderOf(8080)).toEqual({ owner: { relation: 'otherUser', user: 'the user of session 3' }, process: { id: 7 } });
    expect(await other.holderOf(8081)).toBeUndefined();
  });

  it.each([
    [0, false],
    [1, false],
    [2, true],
  ])('%i people signed in: shared is %s', async (people, expected) => {
    expect(await owners({ people }).isShared()).toBe(expected);
  });
});

describe('countSignedIn', () => {
  /** The names are pointers, which nobody follows. */
  const session = (id: number, state: number): Buffer => {
    const row = Buffer.alloc(24, 0xee);
    row.writeUInt32LE(id, 0);
    row.writeUInt32LE(state, 16);
    return row;
  };
  const [ACTIVE, CONNECTED, DISCONNECTED, LISTEN] = [0, 1, 4, 6];

  it.each<[string, readonly Buffer[], number]>([
    ['one person at the console', [session(0, DISCONNECTED), session(1, ACTIVE), session(65536, LISTEN)], 1],
    ['one remote, nobody at the console', [session(0, DISCONNECTED), session(1, CONNECTED), session(2, ACTIVE)], 1],
    ['two, one of them away', [session(0, DISCONNECTED), session(1, ACTIVE), session(2, DISCONNECTED)], 2],
    ['nobody', [], 0],
  ])('%s', (_what, rows, expected) => {
    expect(countSignedIn(Buffer.concat(rows))).toBe(expected);
  });
});
