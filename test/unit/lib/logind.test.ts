import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtLogind } from '../../../src/lib/logind';
import { FakeLogind, type LogindFacts } from '../../support/fake-logind';

const UID = 1000;
const USER_PATH = '/org/freedesktop/login1/user/_31000';
const SESSION = { id: '3', path: '/org/freedesktop/login1/session/_33' };

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

  const look = (sessionId?: string): Promise<boolean | undefined> =>
    lookAtLogind({
      env: {
        DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${join(directory, 'bus')}`,
        ...(sessionId === undefined ? {} : { XDG_SESSION_ID: sessionId }),
      },
      uid: UID,
    })();

  it.each<[string, string | undefined, LogindFacts, boolean | undefined]>([
    ['the session is active', SESSION.id, { [SESSION.id]: SESSION.path, [SESSION.path]: true }, true],
    ['the session is in the background', SESSION.id, { [SESSION.id]: SESSION.path, [SESSION.path]: false, [USER_PATH]: 'active' }, false],
    ['no session, its user is in front', undefined, { [USER_PATH]: 'active' }, true],
    ['no session, its user is in the background', undefined, { [USER_PATH]: 'online' }, false],
    ['no session, its user is not signed in', undefined, { [USER_PATH]: 'lingering' }, undefined],
    ['a session that is gone, its user is in the background', '9', { [USER_PATH]: 'online' }, false],
    ['a logind that knows neither', SESSION.id, {}, undefined],
  ])('%s', async (_what, sessionId, facts, expected) => {
    logind = await FakeLogind.start(join(directory, 'bus'), facts);
    expect(await look(sessionId)).toBe(expected);
  });

  it('tells nothing where there is no bus', async () => {
    expect(await look(SESSION.id)).toBeUndefined();
  });
});
