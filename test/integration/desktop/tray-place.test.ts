import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasTrayPlace } from '../../../src/desktop/tray/tray-place';
import { SystemClock } from '../../../src/lib/clock';
import { words, XConnection } from '../../../src/x11/x-connection';
import { XWindowRequests } from '../../../src/x11/x-window-requests';
import { FakeClock } from '../../fakes/fake-clock';
import { FakeLogind } from '../../support/fake-logind';
import { PaintedScreen } from '../../support/painted-screen';
import { until } from '../../support/until';

const SET_SELECTION_OWNER = 22;
const CREATE_WINDOW = 1;

describe('whether a Linux desktop shows tray icons', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-tray-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const ask = (env: NodeJS.ProcessEnv): Promise<boolean> => hasTrayPlace({ platform: 'linux', env, timers: new SystemClock() });
  const bus = (name: string): NodeJS.ProcessEnv => ({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(directory, name)}` });

  it.each<[string, Record<string, Record<string, boolean>>, boolean]>([
    ['a panel that shows them', { '/StatusNotifierWatcher': { IsStatusNotifierHostRegistered: true } }, true],
    ['a watcher without a panel', { '/StatusNotifierWatcher': { IsStatusNotifierHostRegistered: false } }, false],
    ['no watcher', {}, false],
  ])('the bus has %s', async (_what, facts, expected) => {
    const served = await FakeLogind.start(join(directory, 'bus'), facts);
    expect(await ask(bus('bus'))).toBe(expected);
    await served.stop();
  });

  it('the X server names a tray window', async () => {
    const screen = await PaintedScreen.start();
    expect(await ask({ DISPLAY: screen.display, ...bus('none') })).toBe(false);

    const x = await XConnection.open(screen.display, { onEvent: () => undefined, onLost: () => undefined });
    const requests = await XWindowRequests.on(x);
    const window = x.resourceIdBase + 1;
    x.send(CREATE_WINDOW, 0, words(window, x.root, 0, 0x0001_0001, 0, 0, 0));
    x.send(SET_SELECTION_OWNER, 0, words(window, await requests.atom('_NET_SYSTEM_TRAY_S0'), 0));
    await until('the owner', () => requests.hasOwner('_NET_SYSTEM_TRAY_S0'));
    expect(await ask({ DISPLAY: screen.display, ...bus('none') })).toBe(true);
    x.close();
    await screen.stop();
  });

  it('a bus that says nothing counts as none when the time is over', async () => {
    const silent = createServer((socket) => void socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(join(directory, 'silent'), resolve));
    const clock = new FakeClock();
    const answer = hasTrayPlace({ platform: 'linux', env: bus('silent'), timers: clock });
    await clock.advance(2000);
    expect(await answer).toBe(false);
    await new Promise((resolve) => silent.close(resolve));
  });

  it.each(['win32', 'darwin'] as const)('on %s it always does', async (platform) => {
    expect(await hasTrayPlace({ platform, env: {}, timers: new SystemClock() })).toBe(true);
  });
});
