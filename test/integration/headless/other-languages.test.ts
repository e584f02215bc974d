import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isNear } from '../../support/recorded-frames';
import { GREEN, PaintedScreen } from '../../support/painted-screen';
import { RecorderOnScreen } from '../../support/recorder-on-screen';

const ALL = { x: 0, y: 0, width: 1280, height: 720 };
const VARIABLES = ['LANGUAGE', 'LC_ALL', 'LC_MESSAGES', 'LANG'] as const;
type Session = Partial<Record<(typeof VARIABLES)[number], string>>;

/** Chromium names its sources in the session's language, and the one to capture is chosen by its name. */
describe('in a session that speaks another language', () => {
  let folder: string;
  let screen: PaintedScreen;
  const before = new Map(VARIABLES.map((name) => [name, process.env[name]]));

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build.mjs', 'capture'], { cwd: resolve(__dirname, '../../..') });
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'srs-languages-'));
    screen = await PaintedScreen.start();
  });
  afterEach(async () => {
    setVariables(Object.fromEntries(before));
    await screen.stop();
    await rm(folder, { recursive: true });
  });

  function setVariables(variables: Readonly<Record<string, string | undefined>>): void {
    for (const name of VARIABLES) {
      if (variables[name] === undefined) delete process.env[name];
      else process.env[name] = variables[name];
    }
  }

  it.each<[string, Session, isSplit: boolean]>([
    ['German', { LANG: 'de_DE.UTF-8', LANGUAGE: 'de' }, false],
    ['French, by LC_ALL', { LC_ALL: 'fr_FR.UTF-8', LANG: 'en_US.UTF-8' }, false],
    ['Japanese, with two monitors', { LANG: 'ja_JP.UTF-8' }, true],
  ])('the screen is recorded: %s', async (_language, session, isSplit) => {
    if (isSplit) await screen.split(ALL.width, ALL.height);
    await screen.paint(GREEN, ALL);
    setVariables(session);
    const at = new RecorderOnScreen(screen.display);
    try {
      at.command('start');
      await at.is('recording');
      await at.recorded(2);
      at.command('stop');
      await at.is('idle');
      const frames = await at.frames(folder);
      expect(isNear(frames.at(-1)!.colours[0]!, GREEN)).toBe(true);
    } finally {
      await at.recorder.stop();
    }
  });
});
