import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { TRAY_STATES, type TrayState } from '../../../src/shared/tray-state';
import { PANEL_COLOUR } from './panel-settings';
import { ScreenPicture, type Area } from './screen-picture';

const run = promisify(execFile);
const ICONS = resolve(__dirname, '../../../assets/tray');
/** Pixels, as the panel draws them. */
const ICON_SIZE = 22;
/** Mean difference of a colour, of 255: the panel scales an icon in its own way. Another state's icon differs by more. */
const TOLERANCE = 14;

export interface FoundIcon extends Area {
  readonly state: TrayState;
  readonly difference: number;
}

let drawn: Promise<ReadonlyMap<TrayState, Buffer>> | undefined;

/** The tray icon a part of the screen shows, and where; `undefined` when there is none. Compares pixels with the product's own files. */
export async function findIcon(picture: ScreenPicture, area: Area): Promise<FoundIcon | undefined> {
  drawn ??= drawIcons();
  let best: FoundIcon | undefined;
  for (const [state, icon] of await drawn) {
    for (let y = area.y; y <= area.y + area.height - ICON_SIZE; y += 1) {
      for (let x = area.x; x <= area.x + area.width - ICON_SIZE; x += 1) {
        if (isBackground(picture.at(x + ICON_SIZE / 2, y + ICON_SIZE / 2))) continue;
        const difference = differ(picture, x, y, icon, best?.difference ?? TOLERANCE);
        if (difference !== undefined) best = { state, difference, x, y, width: ICON_SIZE, height: ICON_SIZE };
      }
    }
  }
  return best;
}

/** No icon is transparent in its middle. */
function isBackground(colour: number): boolean {
  return colour === PANEL_COLOUR.reduce((sum, part) => sum * 256 + part, 0);
}

/** `undefined` when it is not less than `limit`. */
function differ(picture: ScreenPicture, x: number, y: number, icon: Buffer, limit: number): number | undefined {
  const most = limit * icon.length;
  let sum = 0;
  for (let row = 0; row < ICON_SIZE; row += 1) {
    const at = ((y + row) * picture.width + x) * 3;
    const from = row * ICON_SIZE * 3;
    for (let i = 0; i < ICON_SIZE * 3; i += 1) sum += Math.abs(picture.rgb[at + i]! - icon[from + i]!);
    if (sum >= most) return undefined;
  }
  return sum / icon.length;
}

/** Every state's icon as it should look on the panel. */
async function drawIcons(): Promise<ReadonlyMap<TrayState, Buffer>> {
  const icons = new Map<TrayState, Buffer>();
  for (const state of TRAY_STATES) icons.set(state, await drawIcon(join(ICONS, `${state}@2x.png`)));
  return icons;
}

async function drawIcon(file: string): Promise<Buffer> {
  const args = ['-v', 'error', '-i', file, '-vf', `scale=${ICON_SIZE}:${ICON_SIZE}:flags=area`, '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'];
  const { stdout: rgba } = await run('ffmpeg', args, { encoding: 'buffer' });
  const rgb = Buffer.alloc(ICON_SIZE * ICON_SIZE * 3);
  for (let i = 0; i < rgb.length; i += 1) {
    const pixel = Math.floor(i / 3) * 4;
    const opacity = rgba[pixel + 3]! / 255;
    rgb[i] = Math.round(rgba[pixel + (i % 3)]! * opacity + PANEL_COLOUR[(i % 3) as 0 | 1 | 2] * (1 - opacity));
  }
  return rgb;
}
