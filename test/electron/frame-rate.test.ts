import { THIS_ACCOUNT } from '../support/accounts';
import { AgentDesk } from '../support/desktop/agent-desk';
import { PANEL_HEIGHT } from '../support/desktop/panel-settings';
import { LINE_HEIGHT, ScrollingTerminal } from '../support/scrolling-terminal';
import { until } from '../support/until';

const TERMINAL = { width: 1280, height: 720 - PANEL_HEIGHT };
const SECONDS = 12;
const LINE_EVERY_MS = 50;
/** Of the five a second that are wanted; a machine that is busy gives fewer, an encoder that drops frames one. */
const FEWEST_PER_SECOND = 2.5;
const LONGEST_GAP_MS = 2000;

describe('the video of a screen that never stands still', () => {
  let desk: AgentDesk;
  let terminal: ScrollingTerminal;

  beforeAll(async () => {
    desk = await AgentDesk.create({ account: THIS_ACCOUNT, monitors: 1 });
    terminal = await ScrollingTerminal.on(desk.desktop.display, TERMINAL);
    await desk.start();
    await desk.logIn();
  });
  afterAll(async () => {
    terminal?.close();
    await desk?.dispose();
  });

  it('has the frames that are wanted, without gaps', async () => {
    for (let line = 0; line * LINE_HEIGHT < TERMINAL.height; line += 1) await terminal.print();
    const from = Date.now();
    const recordingId = `terminal-${from}`; // a second try has its own
    await desk.startRecording(recordingId);
    for (let line = 1; line * LINE_EVERY_MS <= SECONDS * 1000; line += 1) {
      await terminal.print();
      await until('the next line', () => Date.now() >= from + line * LINE_EVERY_MS);
    }
    const to = Date.now();
    await desk.stopRecording(recordingId);
    const videos = await desk.videos(recordingId);
    const times = videos.flatMap(({ frames }) => frames.map(({ at }) => at)).filter((at) => at >= from && at <= to);
    const gaps = [from, ...times, to].map((at, index, all) => at - (all[index - 1] ?? from));
    expect(Math.max(...gaps)).toBeLessThan(LONGEST_GAP_MS);
    expect(times.length / SECONDS).toBeGreaterThan(FEWEST_PER_SECOND);
  });
});
