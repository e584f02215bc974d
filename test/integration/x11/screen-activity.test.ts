import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ScreenActivity } from '../../../src/x11/screen-activity';
import { PaintedScreen, RED, GREEN } from '../../support/painted-screen';

const AREA = { x: 10, y: 10, width: 2, height: 2 };
const run = promisify(execFile);

describe('screen activity', () => {
  let screen: PaintedScreen;
  let activity: ScreenActivity;
  let changes: string[];

  beforeEach(async () => {
    screen = await PaintedScreen.start();
    activity = (await ScreenActivity.open(screen.display))!;
    changes = [];
  });

  afterEach(async () => {
    activity.close();
    await screen.stop();
  });

  const next = (name: string): Promise<void> =>
    new Promise((resolve) => {
      activity.onNextChange(() => {
        changes.push(name);
        resolve();
      });
    });

  it('tells a painted pixel', async () => {
    const change = next('pixel');
    await screen.paint(RED, AREA);
    await change;
  });

  it('tells a move of the pointer, which changes no pixel', async () => {
    const change = next('pointer');
    // A relative move is what a mouse makes; an absolute one comes from a program.
    await run('xdotool', ['mousemove_relative', '5', '5'], { env: { ...process.env, DISPLAY: screen.display } });
    await change;
  });

  it('tells one change for each time it was asked', async () => {
    const first = next('first');
    await screen.paint(RED, AREA);
    await first;
    await screen.paint(GREEN, AREA);
    await screen.paint(RED, AREA);
    const second = next('second');
    await screen.paint(GREEN, AREA);
    await second;
    await screen.paint(RED, AREA);
    expect(changes).toEqual(['first', 'second']);
  });
});
