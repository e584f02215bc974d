import type { OpenVisibleWindows } from '../masks/ports';
import { AppError } from '../shared/errors';
import { XVisibleWindows } from './x-visible-windows';

/** The windows of an X display. @param display such as `:0`; `undefined` where the screen is not an X server's: there no windows are known */
export function windowsOf(display: string | undefined): OpenVisibleWindows {
  return async (listener) => {
    if (display !== undefined) return XVisibleWindows.open(display, listener);
    throw new AppError('dependencyMissing', 'This system does not tell which windows there are; an X11 session does.');
  };
}
