import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionPlace } from '../../../src/lib/front-session';
import { lookAtLogind } from '../../../src/lib/logind';
import { FakeLogind, type LogindFacts } from '../../support/fake-logind';

const UID = 1000;
const USER_PATH = '/org/freedesktop/login1/user/_31000';
const SEAT = { id: 'seat0', path: '/org/freedesktop/login1/seat/seat0' };
const OWN = { id: '3', path: '/org/freedesktop/login1/session/_33' };
const OTHER = { id: 'c4', path: '/org/freedesktop/login1/session/c4' };

/** This user's session on the seat. */
function own(state: string, seat = SEAT.id): LogindFacts {
  return { [OWN.id]: OWN.path, [OWN.path]: { State: state, Seat: [seat] } };
}

/** Whose session is the seat's active one. */
function inFront(sessionClass: string, uid: number): LogindFacts {
  return {
    [SEAT.id]: SEAT.path,
    [SEAT.path]: { ActiveSession: [OTHER.id] },
    [OTHER.id]: OTHER.path,
    [OTHER.path]: { Class: sessionClass, User: [uid] },
  };
}

const user = (state: string): LogindFacts => ({ [USER_PATH]: { State: state } });

describe('lookAtLogind', () => {
  let directory: string;
  let logind: FakeLogind | undefined;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-logind-'));
  });
  afterEach(async () => {
    await logind?.stop();
    logind = undefined;
    await rm(directory, { recursive: true, force: true });
  });

  const look = (sessionId?: string): Promise<SessionPlace | undefined> =>
    lookAtLogind({
      env: {
        DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${join(directory, 'bus')}`,
        ...(sessionId === undefined ? {} : { XDG_SESSION_ID: sessionId }),
      },
      uid: UID,
    })();

  it.each<[string, string | undefined, LogindFacts, SessionPlace | undefined]>([
    ['the session is active', OWN.id, own('active'), 'front'],
    ['the session is being opened', OWN.id, own('opening'), 'front'],
    ["another user's session is in front", OWN.id, { ...own('online'), ...user('active'), ...inFront('user', 1001) }, 'background'],
    ['an administrator at a text console is in front', OWN.id, { ...own('online'), ...inFront('user', 0) }, 'background'],
    ["a new kind of another user's session is in front", OWN.id, { ...own('online'), ...inFront('user-light', 1001) }, 'background'],
    ['a greeter is in front', OWN.id, { ...own('online'), ...inFront('greeter', 115) }, 'locked'],
    ['a lock screen is in front', OWN.id, { ...own('online'), ...inFront('lock-screen', UID) }, 'locked'],
    ['another session of the same user is in front', OWN.id, { ...own('online'), ...inFront('user', UID) }, 'locked'],
    ['no session is in front', OWN.id, { ...own('online'), [SEAT.id]: SEAT.path, [SEAT.path]: { ActiveSession: [''] } }, 'locked'],
    ['the session is being closed', OWN.id, { ...own('closing'), ...inFront('greeter', 115) }, 'background'],
    ['a session without a seat', OWN.id, { ...own('closing', ''), ...inFront('user', 1001) }, 'front'],
    ['no session, its user is in front', undefined, user('active'), 'front'],
    ['no session, another user is in front', undefined, { ...user('online'), ...inFront('user', 1001) }, 'background'],
    ['no session, a greeter is in front of its user', undefined, { ...user('online'), ...inFront('greeter', 115) }, 'locked'],
    ['no session, its user signs out', undefined, user('closing'), 'background'],
    ['no session, its user is not signed in', undefined, user('lingering'), undefined],
    ['a session that is gone, another user is in front', '9', { ...user('online'), ...inFront('user', 1001) }, 'background'],
    ['a logind that knows neither', OWN.id, {}, undefined],
  ])('%s', async (_what, sessionId, facts, expected) => {
    logind = await FakeLogind.start(join(directory, 'bus'), facts);
    expect(await look(sessionId)).toBe(expected);
  });

  it('tells nothing where there is no bus', async () => {
    expect(await look(OWN.id)).toBeUndefined();
  });
});
