import { screen, type Display } from 'electron';
import type { DisplayGeometry } from '../../shared/display';

export function allDisplays(): readonly DisplayGeometry[] {
  return screen.getAllDisplays().map(toPixels);
}

/** Electron's `bounds` are in scaled units; a recording has the display's real pixels. */
export function toPixels({ bounds, scaleFactor }: Display): DisplayGeometry {
  if (process.platform === 'win32') {
    const { x, y, width, height } = screen.dipToScreenRect(null, bounds);
    return { x, y, width, height };
  }
  const scale = (value: number): number => Math.round(value * scaleFactor);
  return { x: scale(bounds.x), y: scale(bounds.y), width: scale(bounds.width), height: scale(bounds.height) };
}
