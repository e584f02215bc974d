import type { Display } from 'electron';
import type { DisplayGeometry } from '../../shared/display';

export type ScaledDisplay = Pick<Display, 'bounds' | 'scaleFactor'>;

/** One scale, the sharpest display's, for all: with each display's own they would lie over each other where the scales differ. */
export function scaleTogether(displays: readonly ScaledDisplay[]): readonly DisplayGeometry[] {
  const factor = Math.max(...displays.map(({ scaleFactor }) => scaleFactor));
  const scale = (value: number): number => Math.round(value * factor);
  return displays.map(({ bounds }) => ({
    x: scale(bounds.x),
    y: scale(bounds.y),
    width: scale(bounds.width),
    height: scale(bounds.height),
  }));
}
