import type { TrayState } from '../../shared/tray-state';

/**
 * The icon as the platform wants it (drawn in `assets/tray/*.svg`, rendered by `scripts/render-icons.mjs`): `.ico` with every size on Windows, a black
 * template on macOS, which the system colours itself, PNG with a light outline elsewhere. Electron finds `@2x` files by itself.
 */
export function trayIconFile(state: TrayState, platform: NodeJS.Platform): string {
  if (platform === 'win32') return `${state}.ico`;
  return platform === 'darwin' ? `${state}Template.png` : `${state}.png`;
}
