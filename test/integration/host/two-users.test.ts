import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import { SeededRandom } from '../../simulation/random';
import { FakeLogind, type LogindFacts } from '../../support/fake-logind';
import { bundleProgram } from '../../support/bundle-program';
import { freePort } from '../../support/free-port';
import { basic } from '../../support/http-request';
import { canBeOtherUser, OTHER_USER } from '../../support/other-user';
import type { SeatState } from '../../support/seat-program';
import { SeatProcess } from '../../support/seats';
import { until } from '../../support/until';

const INTERLEAVINGS = 50;
const STEPS = 6;
const ORIGIN = 'https://desktop.example.com';
const PASSWORD = randomUUID();
const NAMES = ['anna', 'ben'] as const;
type Name = (typeof NAMES)[number];
/** Who is in front: one of the two, a greeter, or a third person. */
type InFront = Name | 'greeter' | 'carol';
const PLACES: readonly InFront[] = ['anna', 'ben', 'greeter', 'carol'];
const OWN_UID = process.geteuid?.() ?? 0;
/** Two real users, which takes root. Without it Ben has no desktop, and a service that takes itself for another user's and must refuse Anna. */
const UIDS: Readonly<Record<InFront, number>> = canBeOtherUser
  ? { anna: OTHER_USER, ben: OTHER_USER - 1, greeter: 115, carol: 4242 }
  : { anna: OWN_UID, ben: OWN_UID + 1, greeter: OWN_UID + 2, carol: OWN_UID + 3 };
const WITH_DESKTOP: readonly Name[] = canBeOtherUser ? NAMES : ['anna'];

interface User {
  readonly service: SeatProcess;
  readonly desktop: SeatProcess;
}

/** What logind says with one of them in front; every one of them is signed in to the computer. */
function facts(inFront: InFront): LogindFacts {
  const path = (kind: string, id: string): string => `/org/freedesktop/login1/${kind}/${id}`;
  return {
    seat0: path('seat', 'seat0'),
    [path('seat', 'seat0')]: { ActiveSession: [`of-${inFront}`] },
    ...Object.fromEntries(PLACES.map((name) => [`of-${name}`, path('session', `of-${name}`)])),
    ...Object.fromEntries(
      PLACES.map((name) => [
        path('session', `of-${name}`),
        {
          State: name === inFront ? 'active' : 'online',
          Seat: ['seat0'],
          Class: name === 'greeter' ? 'greeter' : 'user',
          User: [UIDS[name]],
        },
      ]),
    ),
  };
}

/**
 * Two users with a service each, as processes of their own, on one port: the whole service without a window and without a picture (a capture
 * that notes for whom it is started). Their desktops are plain HTTP callers, logind is played. The services look at logind every 2 s as ever,
 * and when the test tells them to; in between a switch is not known yet, and only the check of the caller stands.
 */
describe('two users of one computer', () => {
  let directory: string;
  let simulator: Simulator;
  let logind: FakeLogind;
  let base: string;
  const users = {} as Record<Name, User>;
  /** How many logins were answered with each status; 0: nobody listened. */
  const answers = new Map<number, number>();
  const everyone = (): readonly User[] => NAMES.flatMap((name) => users[name] ?? []);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-two-users-'));
    await chmod(directory, 0o755);
    const program = await bundleProgram('seat-program', directory);
    simulator = createSimulator({
      accounts: NAMES.map((userName) => ({ userName, password: PASSWORD })),
      storage: join(directory, 'storage'),
      pagesDirectory: directory,
    });
    const { server } = await simulator.start();
    logind = await FakeLogind.start(join(directory, 'bus'), facts('carol'));
    await chmod(join(directory, 'bus'), 0o777);
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    await Promise.all(NAMES.map(async (name) => (users[name] = await startUser(name, { program, server, port }))));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(everyone().flatMap(({ service, desktop }) => [service.end(), desktop.end()]));
    await logind?.stop();
    await simulator?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function startUser(name: Name, at: { readonly program: string; readonly server: string; readonly port: number }): Promise<User> {
    const home = join(directory, name);
    await mkdir(home, { mode: 0o700 });
    if (canBeOtherUser) await chown(home, UIDS[name], UIDS[name]);
    const env = {
      SEAT_UID: String(UIDS[name]),
      HOME: home,
      DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${join(directory, 'bus')}`,
      XDG_SESSION_ID: `of-${name}`,
      SRS_DATA_DIRECTORY: join(home, 'data'),
      SRS_SPOOL_MIN_FREE_MEGABYTES: '1',
      SRS_CREDENTIAL_STORE: 'memory',
      SRS_SERVER: at.server,
      SRS_ALLOWED_ORIGINS: ORIGIN,
      SRS_HTTP_PORT: String(at.port),
      SRS_HTTPS_ENABLED: 'false',
    };
    const [service, desktop] = await Promise.all([
      SeatProcess.start(at.program, 'service', UIDS[name], env),
      SeatProcess.start(at.program, 'desktop', UIDS[name], {}),
    ]);
    return { service, desktop };
  }

  const headers = (name: Name) => ({ Origin: ORIGIN, Authorization: basic(name, PASSWORD), 'Content-Type': 'application/json' });
  const login = async (name: Name): Promise<number> => {
    const status = await users[name].desktop.ask<number>('send', { base, path: '/api/v2/me', headers: headers(name) });
    if (status === 200) record(name);
    answers.set(status, (answers.get(status) ?? 0) + 1);
    return status;
  };
  const logout = (name: Name): Promise<number> =>
    users[name].desktop.ask('send', {
      base,
      method: 'POST',
      path: '/api/v2/me',
      headers: headers(name),
      body: JSON.stringify({ operationName: 'EndContactCenterSession' }),
    });
  const look = (name: Name): Promise<void> => users[name].service.ask('look');
  const state = (name: Name): Promise<SeatState> => users[name].service.ask('state');
  const show = (inFront: InFront): void => void (logind.facts = facts(inFront));

  function record(name: Name): void {
    try {
      simulator.control.startRecording(name);
    } catch {
      // The session has been ended by a switch meanwhile.
    }
  }

  /** Each service knows its own user's agent, and nobody else. */
  async function expectNoMixing(when: string): Promise<void> {
    for (const name of NAMES) {
      const { agent, recorded } = await state(name);
      const others = [agent, ...recorded].filter((user) => user !== null && user !== name);
      expect({ when, service: name, others }).toEqual({ when, service: name, others: [] });
    }
  }

  /** One after the other, or before the one before has ended. */
  async function interleave(seed: number): Promise<void> {
    const random = new SeededRandom(seed);
    const underWay: Promise<unknown>[] = [];
    const done: string[] = [];
    for (let step = 0; step < STEPS; step += 1) {
      const kind = random.pick(['login', 'login', 'logout', 'switch', 'switch', 'look', 'look'] as const);
      const name = random.pick(kind === 'look' ? NAMES : WITH_DESKTOP);
      const place = random.pick(PLACES);
      done.push(kind === 'switch' ? `${kind} to ${place}` : `${kind} ${name}`);
      if (kind === 'switch') show(place);
      else underWay.push({ login, logout, look }[kind](name));
      if (random.chance(0.6)) await Promise.all(underWay.splice(0));
      await expectNoMixing(`seed ${seed}: ${done.join(', ')}`);
    }
    await Promise.all(underWay);
    await expectNoMixing(`seed ${seed}: ${done.join(', ')}, and what was under way`);
  }

  it(`nobody is recorded under the other's name, in ${INTERLEAVINGS} interleavings of login, switch and logout`, async () => {
    for (let seed = 1; seed <= INTERLEAVINGS; seed += 1) await interleave(seed);
    expect([...answers.keys()]).toEqual(expect.arrayContaining([200, 403]));
  }, 60_000);

  it.each(NAMES)('with %s in front, that user is served, and the other is not', async (name) => {
    const other = name === 'anna' ? 'ben' : 'anna';
    show('carol');
    await Promise.all(NAMES.map(look));
    await until('both to have given up the port', async () => !(await state('anna')).isListening && !(await state('ben')).isListening);
    const isAdmitted = WITH_DESKTOP.includes(name);
    const caller = isAdmitted ? name : 'anna';
    expect(await login(caller)).toBe(0);
    show(name);
    await Promise.all(NAMES.map(look));
    await until('the service in front to listen', async () => (await state(name)).isListening);
    expect(await login(caller)).toBe(isAdmitted ? 200 : 403);
    if (canBeOtherUser) expect(await login(other)).toBe(403);
    expect((await state(name)).agent).toBe(isAdmitted ? name : null);
    if (isAdmitted) await until('the recording to begin', async () => (await state(name)).recorded.includes(name));
    show('greeter');
    await look(name);
    expect(await state(name)).toMatchObject({ isListening: true, agent: isAdmitted ? name : null });
    show(other);
    await look(name);
    await until('the session to end', async () => {
      const { isListening, agent } = await state(name);
      return !isListening && agent === null;
    });
    await expectNoMixing('at the end');
  });
});
