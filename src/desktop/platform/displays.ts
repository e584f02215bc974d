import { screen } from 'electron';
import type { DisplayGeometry } from '../../shared/display';
import { scaleTogether, type ScaledDisplay } from './scale-together';

export function allDisplays(): readonly DisplayGeometry[] {
  return toPixels(screen.getAllDisplays());
}

/** Where the displays lie, in pixels. Electron's `bounds` are in scaled units; Windows knows the pixels. */
export function toPixels(displays: readonly ScaledDisplay[]): readonly DisplayGeometry[] {
  if (process.platform === 'win32') {
    return displays.map(({ bounds }) => {
      const { x, y, width, height } = screen.dipToScreenRect(null, bounds);
      return { x, y, width, height };
    });
  }
  return scaleTogether(displays);
}
