import { nativeImage, type NativeImage } from 'electron';
import { join } from 'node:path';
import { TRAY_STATES, type TrayState } from '../../shared/tray-state';
import { trayIconFile } from './tray-icon-file';

export type TrayIcons = Readonly<Record<TrayState, NativeImage>>;

export function loadTrayIcons(assetsDirectory: string, platform: NodeJS.Platform): TrayIcons {
  const load = (state: TrayState): NativeImage => nativeImage.createFromPath(join(assetsDirectory, 'tray', trayIconFile(state, platform)));
  return Object.fromEntries(TRAY_STATES.map((state) => [state, load(state)])) as Record<TrayState, NativeImage>;
}
