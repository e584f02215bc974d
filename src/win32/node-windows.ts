import { join } from 'node:path';
import { nodeWorker } from '../lib/node-worker';
import type { OpenVisibleWindows } from '../masks/ports';
import { windowsOfSystem } from './windows-visible-windows';

/** The windows as a program of Node's reads them. @param bundles the folder of `windows-worker.js` */
export function nodeWindows(bundles: string, elsewhere: OpenVisibleWindows): OpenVisibleWindows {
  return windowsOfSystem(process.platform, nodeWorker(join(bundles, 'windows-worker.js')), elsewhere);
}
