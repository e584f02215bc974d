import fc from 'fast-check';
import type { Desk, DeskWindow } from '../../../src/masks/ports';
import { readDesk } from '../../../src/masks/read-desk';
import { windowsOf } from '../../../src/x11/open-windows';
import { XVisibleWindows } from '../../../src/x11/x-visible-windows';
import { ManagedScreen } from '../../support/managed-screen';
import { until } from '../../support/until';

const AREA = { x: 200, y: 100, width: 400, height: 300 };

describe.each(['openbox', 'icewm'] as const)('the windows of an X server with %s', (manager) => {
  let screen: ManagedScreen;
  let seen: Desk[];
  let windows: XVisibleWindows;

  beforeAll(async () => {
    screen = await ManagedScreen.start('1280x720', manager);
    seen = [];
    windows = await XVisibleWindows.open(screen.display, {
      onDesk: (desk) => seen.push(desk),
      onLost: (reason) => {
        throw new Error(reason);
      },
    });
  });

  afterAll(async () => {
    windows.close();
    await screen.stop();
  });

  const desk = async (): Promise<Desk> => {
    await windows.look();
    return seen.at(-1)!;
  };
  const named = async (title: string): Promise<DeskWindow | undefined> =>
    (await desk()).windows.find(({ titles }) => titles.includes(title));
  const titles = async (): Promise<readonly (string | undefined)[]> => (await desk()).windows.flatMap((window) => window.titles[0] ?? []);

  it('are told with their frame, names and order, and followed', async () => {
    const lower = await screen.windows.show({ colour: 0xff0000, area: AREA, title: 'lower', application: 'first' });
    const window = await until('the window to be framed', async () => {
      const found = await named('lower');
      return found !== undefined && found.area.height > AREA.height ? found : undefined;
    });
    expect(window.applications).toContain('first');
    expect(window.isUnknown).toBeUndefined();
    expect(window.opaque).toEqual([window.area]);
    await screen.windows.show({ colour: 0x00ff00, area: AREA, title: 'upper', application: 'second' });
    await until('the other one above it', async () => (await titles()).indexOf('upper') < (await titles()).indexOf('lower'));
    await screen.windows.restore(lower);
    await until('it to be raised', async () => (await titles()).indexOf('lower') < (await titles()).indexOf('upper'));
    await screen.windows.iconify(lower);
    await until('it to be gone', async () => (await named('lower')) === undefined);
    await screen.windows.restore(lower);
    await until('it to be back', async () => (await named('lower')) !== undefined);
    await screen.windows.fullScreen(lower, true);
    await until('it to fill the screen', async () => (await named('lower'))?.area.width === 1280);
    await screen.windows.fullScreen(lower, false);
    await screen.windows.retitle(lower, 'another');
    expect(await named('another')).toBeDefined();
    expect((await desk()).displays).toEqual([{ x: 0, y: 0, width: 1280, height: 720 }]);
    await screen.windows.remove(lower);
    await until('its end', async () => (await named('another')) === undefined);
  });

  it('own their menus, by what those say and by whose they are', async () => {
    const main = await screen.windows.show({ colour: 0xff0000, area: AREA, title: 'main', application: 'menus' });
    await until('the window to be framed', async () => ((await named('main'))?.area.height ?? 0) > AREA.height);
    const menu = { colour: 0xff0000, area: { x: 900, y: 10, width: 90, height: 60 }, isOverride: true };
    const menus = [
      await screen.windows.show({ ...menu, title: 'said', transientFor: main }),
      await screen.windows.show({ ...menu, title: 'unsaid' }),
    ];
    const { windows: all } = await desk();
    const [frame, said, unsaid] = ['main', 'said', 'unsaid'].map((title) => all.find((window) => window.titles.includes(title)));
    expect([said?.owners, said?.opaque]).toEqual([[frame?.id], []]);
    expect(unsaid?.owners).toContain(frame?.id);
    for (const id of [...menus, main]) await screen.windows.remove(id);
  });

  it('own their menus while they are hidden, and by the title that they have then', async () => {
    const hidden = await screen.windows.show({ colour: 0xff0000, area: AREA, title: 'hidden', isOverride: true });
    await screen.windows.hide(hidden);
    const menu = { colour: 0xff0000, area: { x: 900, y: 10, width: 90, height: 60 }, isOverride: true };
    const shown = await screen.windows.show({ ...menu, title: 'menu of nothing', transientFor: hidden });
    const inner = await screen.windows.show({ ...menu, title: 'menu of the menu', transientFor: shown });
    const ownerTitles = async (title: string): Promise<unknown> => (await named(title))?.hiddenOwners?.map((owner) => owner.titles);
    expect(await ownerTitles('menu of nothing')).toEqual([['hidden']]);
    expect(await ownerTitles('menu of the menu')).toEqual([['hidden']]);
    await screen.windows.retitle(hidden, 'patient');
    expect(await ownerTitles('menu of nothing')).toEqual([['patient']]);
    for (const id of [inner, shown, hidden]) await screen.windows.remove(id);
  });

  it('are the same after any script as read anew', async () => {
    const make = (colour: number): Promise<number> =>
      screen.windows.show({ colour, area: AREA, title: `made ${colour}`, application: 'script', isOverride: colour % 3 === 0 });
    const acts = fc.array(
      fc.tuple(
        fc.constantFrom('open', 'move', 'raise', 'lower', 'iconify', 'restore', 'retitle', 'fullScreen', 'remove'),
        fc.nat(99),
        fc.nat(600),
      ),
      { minLength: 5, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(acts, async (script) => {
        const open: number[] = [];
        for (const [act, which, value] of script) {
          const id = open[which % Math.max(1, open.length)];
          if (act === 'open' || id === undefined) open.push(await make(value));
          else if (act === 'move') await screen.windows.place(id, { x: value, y: value / 2, width: 50 + value, height: 40 + which });
          else if (act === 'retitle') await screen.windows.retitle(id, `title ${value}`);
          else if (act === 'fullScreen') await screen.windows.fullScreen(id, value % 2 === 0);
          else {
            await screen.windows[act](id);
            if (act === 'remove') open.splice(open.indexOf(id), 1);
          }
          await windows.look();
        }
        // A window manager takes its time, between the two readings too.
        await until(
          'both to be the same',
          async () => JSON.stringify(await readDesk(windowsOf(screen.display))) === JSON.stringify(await desk()),
        );
        for (const id of open) await screen.windows.remove(id);
      }),
      { numRuns: 12, seed: 20 },
    );
  });
});

it('a server that is gone is told, and a look at it fails', async () => {
  const screen = await ManagedScreen.start();
  const lost: string[] = [];
  const windows = await XVisibleWindows.open(screen.display, { onDesk: () => undefined, onLost: (reason) => lost.push(reason) });
  await screen.stop();
  await until('the end', () => lost.length === 1);
  await expect(windows.look()).rejects.toThrow();
  await expect(readDesk(windowsOf(screen.display))).rejects.toMatchObject({ code: 'dependencyMissing' });
  await expect(readDesk(windowsOf(undefined))).rejects.toMatchObject({ code: 'dependencyMissing' });
});
