import { join } from 'node:path';
import { nativeImage, type NativeImage } from 'electron';
import { TRAY_STATES, type TrayState } from '../../shared/tray-state';

export type TrayIcons = Readonly<Record<TrayState, NativeImage>>;

/**
 * The icons as the platform wants them (drawn in `assets/tray/*.svg`, rendered by `scripts/render-icons.mjs`): `.ico` with every size on Windows,
 * black template images on macOS, which the system colours itself, and PNG with a light outline elsewhere. `@2x` files are found by Electron.
 */
export function loadTrayIcons(assetsDirectory: string, platform: NodeJS.Platform): TrayIcons {
  const load = (state: TrayState): NativeImage => nativeImage.createFromPath(join(assetsDirectory, 'tray', trayIconFile(state, platform)));
  return Object.fromEntries(TRAY_STATES.map((state) => [state, load(state)])) as Record<TrayState, NativeImage>;
}

export function trayIconFile(state: TrayState, platform: NodeJS.Platform): string {
  if (platform === 'win32') return `${state}.ico`;
  return platform === 'darwin' ? `${state}Template.png` : `${state}.png`;
}
