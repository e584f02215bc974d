import { join } from 'node:path';
import type { OpenVisibleWindows } from '../../masks/ports';
import { windowsOfSystem } from '../../win32/windows-visible-windows';
import { ownXDisplay } from '../../x11/let-rest';
import { windowsOf } from '../../x11/open-windows';
import { utilityWorker } from './utility-worker';

/** The windows of the screen this application is shown on. @param bundles the folder of `windows-worker.js` */
export function ownWindows(bundles: string): OpenVisibleWindows {
  const elsewhere = windowsOf(ownXDisplay(process.platform, process.env));
  return windowsOfSystem(process.platform, utilityWorker(join(bundles, 'windows-worker.js'), 'Windows'), elsewhere);
}
