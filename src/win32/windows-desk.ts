import { intersect, isEmpty, type Area } from '../masks/areas';
import type { Desk, DeskWindow } from '../masks/ports';
import type { WindowNames } from '../masks/rule-matching';
import type { NamedWindow, WindowRow } from './ports';
import type { WindowsReading } from './read-windows';

const CAPTION = 0x00c00000;
const LAYERED = 0x00080000;
const TRANSPARENT = 0x00000020;
const NO_REDIRECTION_BITMAP = 0x00200000;
/** Any of them: what lies below may show through. */
const SEE_THROUGH = LAYERED | TRANSPARENT | NO_REDIRECTION_BITMAP;
/** The frame of a Store app, whose content is a window of another process. */
const APP_FRAME = 'ApplicationFrameWindow';
const GHOST = 'Ghost';
/** Explorer's own surfaces: they look like menus of its folders, and are none. */
const SHELL = new Set(['Shell_TrayWnd', 'Shell_SecondaryTrayWnd', 'Progman', 'WorkerW']);
/** Windows 11 rounds corners by 8 pixels at 96 dots per inch; what lies below shows there. */
const CORNER = 10;
const USUAL_DPI = 96;

/** A reading as the masks see it: the origin is the primary monitor's corner, which Windows has at 0,0. Pure. */
export function toDesk({ monitors, rows, isOrderSure }: WindowsReading): Desk {
  const windows = rows.map((row): DeskWindow => {
    const ownerIds = row.owners.map(({ id }) => id);
    const isShown = (id: number): boolean => rows.some((other) => other.id === id);
    const hidden = row.owners.filter(({ id }) => !isShown(id));
    return {
      id: row.id,
      area: wholeArea(row),
      opaque: isOrderSure ? opaqueAreas(row) : [],
      ...namesOf(row),
      owners: isLoose(row) ? relativesOf(row, rows) : ownerIds.filter(isShown),
      ...(hidden.length === 0 ? {} : { hiddenOwners: hidden.map((owner) => named([owner])) }),
      ...(isUnknown(row) ? { isUnknown: true } : {}),
    };
  });
  return { displays: monitors.map(({ area }) => area), windows };
}

/** Nothing is known but where the screen is: all of it is covered. */
export function unknownDesk(displays: readonly Area[]): Desk {
  return { displays, windows: displays.map((area, index) => unknownWindow(-1 - index, area)) };
}

export function unknownWindow(id: number, area: Area): DeskWindow {
  return { id, area, opaque: [], applications: [], titles: [], owners: [], isUnknown: true };
}

/** Shadow and invisible borders included. */
export function wholeArea({ area, frame = area }: WindowRow): Area {
  const x = Math.min(area.x, frame.x);
  const y = Math.min(area.y, frame.y);
  const right = Math.max(area.x + area.width, frame.x + frame.width);
  const bottom = Math.max(area.y + area.height, frame.y + frame.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** Only an ordinary window with a title bar hides what is below: a borderless one may be drawn with holes, and Windows would not say so. */
function opaqueAreas(row: WindowRow): readonly Area[] {
  const isOrdinary = (row.style & CAPTION) === CAPTION && (row.extendedStyle & SEE_THROUGH) === 0;
  if (!isOrdinary || row.hasRegion || row.isCloaked === undefined || row.className === GHOST) return [];
  const { x, y, width, height } = intersect(row.area, row.frame ?? row.area);
  const corner = Math.ceil((CORNER * Math.max(row.dpi, USUAL_DPI)) / USUAL_DPI);
  return [
    { x: x + corner, y, width: width - 2 * corner, height },
    { x, y: y + corner, width, height: height - 2 * corner },
  ].filter((part) => !isEmpty(part));
}

function namesOf(row: WindowRow): WindowNames {
  return named([row, ...row.guests, ...(row.ghostOf === undefined ? [] : [row.ghostOf])]);
}

/** A program by its file's name, with and without `.exe`. */
function named(parts: readonly NamedWindow[]): WindowNames {
  const files = parts.map(({ process }) => process.file).filter((file) => file !== undefined);
  const applications = files.flatMap((file) => [file, file.replace(/\.exe$/i, '')]);
  const titles = parts.map(({ title }) => title).filter((title) => title !== undefined);
  return { applications: [...new Set(applications)], titles: [...new Set(titles.filter((title) => title !== ''))] };
}

/** A part without name or title; a frame without its content, a ghost that hides whose it is. */
function isUnknown(row: WindowRow): boolean {
  const parts = [row, ...row.owners, ...row.guests, ...(row.ghostOf === undefined ? [] : [row.ghostOf])];
  if (parts.some(({ process, title }) => process.file === undefined || title === undefined)) return true;
  return (row.className === APP_FRAME && row.guests.length === 0) || (row.className === GHOST && row.ghostOf === undefined);
}

/** A menu, a tooltip, a list of choices: nothing says whose it is, so it is every window's of its program. */
function isLoose({ style, owners, className }: WindowRow): boolean {
  return (style & CAPTION) !== CAPTION && owners.length === 0 && !SHELL.has(className);
}

function relativesOf(row: WindowRow, rows: readonly WindowRow[]): readonly number[] {
  const own = processesOf(row);
  return rows.filter((other) => other !== row && !isLoose(other) && processesOf(other).some((id) => own.includes(id))).map(({ id }) => id);
}

function processesOf({ process, guests }: WindowRow): readonly number[] {
  return [process.id, ...guests.map((guest) => guest.process.id)];
}
