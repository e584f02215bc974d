import { spawn } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeWorker } from '../../src/lib/node-worker';
import type { Area } from '../../src/masks/areas';
import { coverDesk, reasonsByWindow } from '../../src/masks/covered-desk';
import type { Desk, DeskWindow } from '../../src/masks/ports';
import { WindowsVisibleWindows } from '../../src/win32/windows-visible-windows';

/** Runs in Node for Windows: real windows of another process, and what the adapter tells of them. Writes `result.json` into its folder. */
const folder = process.argv[2] ?? '.';
const POPUP = 0x90000000;
const TOPMOST = 8;
const LAYERED = 0x80000;
const TRANSPARENT = 0x20;
const WAIT_MS = 20_000;
const SCREEN: Area = { x: 0, y: 0, width: 1280, height: 800 };

interface Step {
  readonly action: string;
  readonly [name: string]: unknown;
}

let steps = 0;
const failures: string[] = [];
let checks = 0;
let states: Desk[] = [];
let ids: Readonly<Record<string, number>> = {};

async function main(): Promise<void> {
  const actor = spawn(process.execPath, [join(folder, 'windows-actor.cjs'), folder], { stdio: 'ignore' });
  const lost: string[] = [];
  const windows = await WindowsVisibleWindows.open(nodeWorker(join(folder, 'windows-worker.js')), {
    onDesk: (desk) => void states.push(desk),
    onLost: (reason) => void lost.push(reason),
  });
  const act = async (action: string, values: object = {}): Promise<Desk> => {
    states = states.slice(-1);
    await perform({ action, ...values });
    await windows.look();
    const desk = states.at(-1);
    if (desk === undefined) throw new Error('no desk was told');
    return desk;
  };
  await play(act);
  check('nothing was lost', lost.length === 0, lost);
  const begun = performance.now();
  for (let looks = 0; looks < 100; looks += 1) await windows.look();
  const lookMs = (performance.now() - begun) / 100;
  windows.close();
  actor.kill();
  finish({ checks, failures, lookMs });
}

async function play(act: (action: string, values?: object) => Promise<Desk>): Promise<void> {
  const first = await act('open', { name: 'notes', x: 100, y: 100, width: 400, height: 300, title: 'Patient file: Ä' });
  const notes = find(first, 'notes');
  check('the place of a new window', isAt(notes, { x: 100, y: 100, width: 400, height: 300 }), notes);
  check('its title and program', notes.titles.includes('Patient file: Ä') && notes.applications.includes('node.exe'), notes);
  check('the display', JSON.stringify(first.displays) === JSON.stringify([SCREEN]), first.displays);
  check('an ordinary window hides what is below, but for its corners', notes.opaque.length === 2, notes);

  const moved = await act('move', { name: 'notes', x: 200, y: 150, width: 500, height: 350 });
  check('moved and resized', isAt(find(moved, 'notes'), { x: 200, y: 150, width: 500, height: 350 }), find(moved, 'notes'));
  const between = states.some((desk) => desk.windows.some((window) => window.id === ids['notes'] && window.area.width === SCREEN.width));
  check('while it moved it was wherever the screen is', between, states.length);

  const both = await act('open', { name: 'front', x: 250, y: 200, width: 300, height: 200, title: 'front' });
  check('the new one is above', orderOf(both, 'front') < orderOf(both, 'notes'), both.windows);
  const covered = coverDesk(both, { masks: [{ title: 'patient*' }], maskExcept: [] });
  check('what lies in front is not covered', !covered.areas.some((area) => holds(area, 400, 300)), covered);
  check(
    'the rest is',
    covered.areas.some((area) => holds(area, 220, 170)),
    covered,
  );
  const raised = await act('raise', { name: 'notes' });
  check('raised', orderOf(raised, 'notes') < orderOf(raised, 'front'), raised.windows);
  const lowered = await act('lower', { name: 'notes' });
  check('lowered', orderOf(lowered, 'notes') > orderOf(lowered, 'front'), lowered.windows);
  await act('raise', { name: 'notes' });

  const dialog = await act('open', { name: 'dialog', x: 300, y: 600, width: 200, height: 100, title: 'Save?', owner: 'notes' });
  check('a dialog is its owner’s', reasonOf(dialog, 'dialog', 'patient*') === 0, find(dialog, 'dialog'));
  const menu = await act('open', { name: 'menu', style: POPUP, ex: TOPMOST, x: 700, y: 10, width: 90, height: 120, title: '' });
  check('a menu that says nothing is its program’s', reasonOf(menu, 'menu', 'patient*') === 0, find(menu, 'menu'));
  check('a menu hides nothing', find(menu, 'menu').opaque.length === 0, find(menu, 'menu'));
  check('a topmost one is on top', orderOf(menu, 'menu') < orderOf(menu, 'dialog'), menu.windows);
  await act('close', { name: 'menu' });
  const hidden = await act('show', { name: 'notes', how: 'hide' });
  check('a hidden window is not there', !hidden.windows.some(({ id }) => id === ids['notes']), hidden.windows);
  check('its dialog is its own all the same', reasonOf(hidden, 'dialog', 'patient*') === 0, find(hidden, 'dialog'));
  await act('close', { name: 'dialog' });
  await act('show', { name: 'notes', how: 'show' });
  const minimised = await act('show', { name: 'notes', how: 'minimise' });
  check('a minimised window is not there', !minimised.windows.some(({ id }) => id === ids['notes']), minimised.windows);
  const restored = await act('show', { name: 'notes', how: 'restore' });
  check('it is back where it was', isAt(find(restored, 'notes'), { x: 200, y: 150, width: 500, height: 350 }), find(restored, 'notes'));

  const layered = await act('open', { name: 'glass', ex: LAYERED, x: 0, y: 0, width: 600, height: 500, title: 'glass' });
  check('a layered window hides nothing', find(layered, 'glass').opaque.length === 0, find(layered, 'glass'));
  await act('fade', { name: 'glass', alpha: 128 });
  await act('close', { name: 'glass' });
  const through = await act('open', { name: 'through', ex: TRANSPARENT, x: 0, y: 0, width: 600, height: 500, title: 'through' });
  check('a transparent window hides nothing', find(through, 'through').opaque.length === 0, find(through, 'through'));
  await act('close', { name: 'through' });
  const shaped = await act('shape', { name: 'front', width: 300, height: 200 });
  check('a window with a shape hides nothing', find(shaped, 'front').opaque.length === 0, find(shaped, 'front'));

  const renamed = await act('retitle', { name: 'notes', title: 'nothing of note' });
  check('another title', find(renamed, 'notes').titles[0] === 'nothing of note', find(renamed, 'notes'));
  const closed = await act('close', { name: 'notes' });
  check('a closed window is not there', !closed.windows.some(({ id }) => id === ids['notes']), closed.windows);
}

/** One file a step: Windows lets nobody replace a file that is being read. */
async function perform(step: Step): Promise<void> {
  steps += 1;
  writeFileSync(join(folder, 'step.new'), JSON.stringify(step));
  renameSync(join(folder, 'step.new'), join(folder, `step-${steps}`));
  const end = performance.now() + WAIT_MS;
  while (performance.now() < end) {
    const windows = readDone();
    if (windows !== undefined) return void (ids = windows);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`the program with the windows did not do: ${JSON.stringify(step)}`);
}

function readDone(): Readonly<Record<string, number>> | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, `done-${steps}`), 'utf8')) as Record<string, number>;
  } catch {
    return undefined; // not there, or being written
  }
}

function find(desk: Desk, name: string): DeskWindow {
  const found = desk.windows.find(({ id }) => id === ids[name]);
  if (found === undefined) throw new Error(`${name} (${ids[name]}) is not on the desk: ${JSON.stringify(desk.windows)}`);
  return found;
}

function orderOf(desk: Desk, name: string): number {
  return desk.windows.indexOf(find(desk, name));
}

function reasonOf(desk: Desk, name: string, title: string): unknown {
  return reasonsByWindow(desk.windows, { masks: [{ title }], maskExcept: [] }).get(find(desk, name).id);
}

function isAt({ area }: DeskWindow, { x, y, width, height }: Area): boolean {
  return area.x === x && area.y === y && area.width === width && area.height === height;
}

function holds(area: Area, x: number, y: number): boolean {
  return x >= area.x && y >= area.y && x < area.x + area.width && y < area.y + area.height;
}

function check(what: string, isSo: boolean, seen: unknown): void {
  checks += 1;
  if (!isSo) failures.push(`${what}: ${JSON.stringify(seen)}`);
}

function finish(result: object): void {
  writeFileSync(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  process.exit(0);
}

main().catch((error: unknown) => finish({ checks, failures: [...failures, error instanceof Error ? error.stack : String(error)] }));
