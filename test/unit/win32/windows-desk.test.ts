import { coverDesk, reasonsByWindow } from '../../../src/masks/covered-desk';
import type { WindowRow } from '../../../src/win32/ports';
import { toDesk } from '../../../src/win32/windows-desk';
import { FAKE_MONITOR, fakeNamed, fakeRow } from '../../fakes/fake-windows-system';

function desk(...rows: WindowRow[]) {
  return toDesk({ monitors: [FAKE_MONITOR], rows, isOrderSure: true });
}

function reasons(title: string, ...rows: WindowRow[]) {
  return [...reasonsByWindow(desk(...rows).windows, { masks: [{ title }], maskExcept: [] }).entries()];
}

const POPUP = 0x94000000;
const SECRET = fakeRow(1, { title: 'secret' });

describe('a window of Windows', () => {
  it('is all that Windows and its compositor say it is, shadow and borders included', () => {
    const [window] = desk(fakeRow(1, { frame: { x: 107, y: 100, width: 390, height: 310 } })).windows;
    expect(window?.area).toEqual({ x: 100, y: 100, width: 400, height: 310 });
  });

  it('hides what both say it fills, but for its rounded corners', () => {
    const [window] = desk(fakeRow(1, { dpi: 192, frame: { x: 107, y: 100, width: 386, height: 293 } })).windows;
    expect(window?.opaque).toEqual([
      { x: 127, y: 100, width: 346, height: 293 },
      { x: 107, y: 120, width: 386, height: 253 },
    ]);
  });

  it.each<[string, Partial<WindowRow>]>([
    ['layered', { extendedStyle: 0x80000 }],
    ['transparent', { extendedStyle: 0x20 }],
    ['drawn by a compositor of its own', { extendedStyle: 0x200000 }],
    ['shaped', { hasRegion: true }],
    ['without a title bar', { style: POPUP }],
    ['perhaps cloaked', { isCloaked: undefined }],
    ['a ghost', { className: 'Ghost' }],
    ['smaller than its corners', { area: { x: 0, y: 0, width: 15, height: 15 } }],
  ])('hides nothing when it is %s', (_what, row) => {
    expect(desk(fakeRow(1, row)).windows[0]?.opaque).toEqual([]);
    const { areas } = coverDesk(desk(fakeRow(1, row), SECRET), { masks: [{ title: 'secret' }], maskExcept: [] });
    expect(areas).toContainEqual(SECRET.area);
  });

  it('hides nothing while the order of the windows is not sure', () => {
    const { windows } = toDesk({ monitors: [FAKE_MONITOR], rows: [fakeRow(1)], isOrderSure: false });
    expect(windows[0]?.opaque).toEqual([]);
  });

  it('has its program’s name with and without .exe', () => {
    expect(desk(fakeRow(1, { process: { id: 7, file: 'KeePass.EXE' } })).windows[0]?.applications).toEqual(['KeePass.EXE', 'KeePass']);
  });

  it('belongs to its owner, also to one that is hidden', () => {
    const owner = fakeNamed(1, 'secret');
    const dialog = fakeRow(2, { owners: [owner], process: { id: 99, file: 'other.exe' } });
    expect(reasons('secret', dialog, SECRET)).toEqual([
      [2, 0],
      [1, 0],
    ]);
    expect(reasons('secret', dialog)).toEqual([[2, 0]]);
  });

  it('is every window’s of its program when it is a menu that says nothing', () => {
    expect(reasons('secret', fakeRow(2, { style: POPUP }), SECRET)).toContainEqual([2, 0]);
    expect(reasons('secret', fakeRow(2, { style: POPUP, process: { id: 99, file: 'x' } }), SECRET)).not.toContainEqual([2, 0]);
  });

  it('is not a folder’s menu when it is the task bar or the desktop', () => {
    for (const className of ['Shell_TrayWnd', 'Progman', 'WorkerW'])
      expect(reasons('secret', fakeRow(2, { style: POPUP, className }), SECRET)).toEqual([[1, 0]]);
  });

  it('is a Store app by its content, with its menus', () => {
    const app = fakeRow(1, { className: 'ApplicationFrameWindow', process: { id: 1, file: 'ApplicationFrameHost.exe' } });
    const content = { id: 5, title: 'Mail', process: { id: 50, file: 'HxOutlook.exe' } };
    const menu = fakeRow(2, { style: POPUP, process: content.process, title: '' });
    const { windows } = desk(menu, { ...app, guests: [content] });
    const found = reasonsByWindow(windows, { masks: [{ application: 'hxoutlook' }], maskExcept: [] });
    expect([...found]).toEqual([
      [2, 0],
      [1, 0],
    ]);
    expect(desk(app).windows[0]?.isUnknown).toBe(true);
  });

  it.each<[string, Partial<WindowRow>]>([
    ['its program', { process: { id: 7, file: undefined } }],
    ['its title', { title: undefined }],
    ['an owner’s program', { owners: [{ id: 9, title: '', process: { id: 7, file: undefined } }] }],
    ['a guest’s title', { guests: [{ id: 9, title: undefined, process: { id: 7, file: 'a.exe' } }] }],
    ['whose ghost it is', { className: 'Ghost' }],
  ])('is covered whatever the rules say when %s is not known', (_what, row) => {
    expect(reasons('nothing like it', fakeRow(1, row))).toEqual([[1, 'unknown']]);
  });

  it('is also what it shows in place of: a program that does not respond', () => {
    expect(reasons('secret', fakeRow(1, { className: 'Ghost', ghostOf: fakeNamed(3, 'secret') }))).toEqual([[1, 0]]);
  });
});
