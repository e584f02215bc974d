import { THIS_ACCOUNT } from '../support/accounts';
import { AgentDesk } from '../support/desktop/agent-desk';
import { exemptFromSecondTry } from '../support/exempt-from-second-try';
import { countPixels, forEachFrame, type SeenPixels } from '../support/frame-pixels';
import { ScriptedWindows } from '../support/scripted-windows';
import { until } from '../support/until';

const SECRET = 0xff00ff;
const GREY = 0x404040;
const SIZE = { width: 1280, height: 720 };
const PLACES = [60, 300, 540, 780];

/** As it ships: the rule in the configuration, the window on the screen, the video at RWS. */
describe('a window that a rule covers', () => {
  const onlyTry = exemptFromSecondTry();
  let desk: AgentDesk;
  let windows: ScriptedWindows;

  beforeAll(async () => {
    desk = await AgentDesk.create({ account: THIS_ACCOUNT, monitors: 1 });
    windows = await ScriptedWindows.open(desk.desktop.display);
  });
  afterAll(async () => {
    windows?.close();
    await desk?.dispose();
  });

  it('is grey in every frame, wherever it goes', async () => {
    await desk.paint(GREY, GREY);
    await desk.start({ recording: { masks: [{ title: 'secret*' }] } });
    await desk.logIn();
    const id = await windows.show({
      colour: SECRET,
      area: { x: 60, y: 80, width: 300, height: 200 },
      title: 'secret papers',
      application: 'papers',
    });
    await windows.settled();
    await desk.startRecording('rec-1');
    const end = Date.now() + 5000;
    for (let turn = 0; Date.now() < end; turn += 1) {
      await windows.place(id, { x: PLACES[turn % PLACES.length]!, y: 80 + (turn % 3) * 90 });
      const next = Date.now() + 150;
      await until('the next place', () => Date.now() >= next);
    }
    await desk.stopRecording('rec-1');
    const [video] = await desk.videos('rec-1');
    const seen: SeenPixels[] = [];
    await forEachFrame(video!.file, SIZE, (frame) => seen.push(countPixels(frame)));
    expect(seen.length).toBeGreaterThan(3);
    onlyTry(() => expect(seen.filter(({ secret }) => secret > 0)).toEqual([]));
    expect(Math.max(...seen.map(({ grey }) => grey))).toBeGreaterThan(300 * 200);
  });
});
