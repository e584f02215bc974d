import { ORDINARY_ACCOUNT, THIS_ACCOUNT } from '../support/accounts';
import { AgentDesk, ANN } from '../support/desktop/agent-desk';
import { missedPictures } from '../support/frame-check';
import { probeMedia } from '../support/media-file';
import { until } from '../support/until';
import type { TrayState } from '../../src/shared/tray-state';

/** The application as it ships, seen from outside: icon, menu and window on the screen, notices by the desktop's daemon, the video at RWS. */
describe.each([
  { account: THIS_ACCOUNT, monitors: 1 as const },
  { account: ORDINARY_ACCOUNT, monitors: 2 as const },
])('the main job on a desktop with $monitors monitor(s), as $account.name', ({ account, monitors }) => {
  let desk: AgentDesk;
  let recordedFrom: number;
  let recordedTo: number;

  beforeAll(async () => {
    desk = await AgentDesk.create({ account, monitors });
    await desk.start();
  });
  afterAll(() => desk?.dispose());

  const shows = (state: TrayState): Promise<unknown> =>
    until(`the icon "${state}" in the tray`, async () => (await desk.desktop.icon())?.state === state, 30_000);
  const menu = async (): Promise<readonly string[]> => {
    const [item = ''] = await desk.desktop.bus.trayItems();
    return desk.desktop.bus.menuLabels(item);
  };

  it('shows in the tray that nobody is signed in', async () => {
    await shows('signedOut');
    expect(await menu()).toEqual(expect.arrayContaining(['No agent is signed in', 'Not recording']));
  });

  it('shows the agent after the login, in tray and window', async () => {
    await desk.logIn();
    await shows('ready');
    expect((await menu()).join('\n')).toContain('Ann Example');
    await desk.desktop.lineAfter(/Ann Example/, () => desk.desktop.choose(/^Show status$/));
    expect(await desk.desktop.windowProperty('– Status$', '_NET_WM_ICON')).toMatch(/256 x 256/);
    await desk.desktop.closeWindow('– Status$');
  });

  it('runs its pages in the sandbox, but for root', async () => {
    await until('a page', async () => (await desk.program.processes('renderer')).length > 0);
    expect(await desk.program.isSandboxed('renderer')).toBe(account.hasSandbox);
  });

  it('shows and tells that it records', async () => {
    await desk.paintForSeconds(1); // where the window was
    await desk.startRecording('rec-1');
    recordedFrom = Date.now();
    await shows('recording');
    expect((await menu()).join('\n')).toMatch(/^Recording/m);
    await until('the notice', async () => (await desk.desktop.notices()).some(({ title }) => title === 'Your screen is being recorded'));
    await desk.paintForSeconds(7);
    recordedTo = Date.now();
    await desk.stopRecording('rec-1');
    await shows('ready');
  });

  it('gives RWS a video whose every frame shows what was on the screen', async () => {
    const [video, ...others] = await desk.videos('rec-1');
    expect(others).toEqual([]);
    expect(await probeMedia(video?.file ?? '')).toMatchObject({ codec: 'h264', width: 1280, height: 720 });
    expect(desk.wrongFrames([video!])).toEqual([]);
    expect(missedPictures(video!.frames, desk.painted, recordedFrom, recordedTo)).toEqual([]);
    const width = 1280 / monitors;
    const displays = Array.from({ length: monitors }, (_, index) => ({ x: index * width, y: 0, width, height: 720 }));
    expect(video?.parameters).toMatchObject({ contact: { userName: ANN.userName }, displays });
  });

  it('shows the logout, and ends from its menu', async () => {
    const [item = ''] = await desk.desktop.bus.trayItems();
    await desk.logOut();
    await shows('signedOut');
    // By the bus: the panel of the test's desktop sometimes ends here, and then has no menu to click in.
    await desk.desktop.bus.chooseInMenu(item, 'Quit');
    expect(await desk.program.exited).toBe(0);
    expect(desk.program.errors).not.toContain(ANN.password);
  });
});
