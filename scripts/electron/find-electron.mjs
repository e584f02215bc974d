// Which Electron a checkout runs, for `npm start`, `npm test` and the scripts.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { downloadElectron } from './download-electron.mjs';
import { preparedTrialElectron, prepareTrialElectron } from './trial-electron.mjs';

const require = createRequire(import.meta.url);

/**
 * The folder that holds the Electron binary, or `undefined` when none can be had. In this order: the one that is named
 * (`ELECTRON_OVERRIDE_DIST_PATH`), the one of the npm package `electron`, the one for trials (`trial-electron.mjs`).
 * @param {(text: string) => void} say tells a person what is done, a line each
 * @returns {Promise<string | undefined>}
 */
export async function findElectron(say) {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) return named;
  if (isInstalled()) return installedFolder();
  // Prepared once, since the download failed then.
  const prepared = preparedTrialElectron();
  if (prepared !== undefined) return prepared;
  await downloadElectron(say);
  if (isInstalled()) return installedFolder();
  return prepareTrialElectron(say);
}

function isInstalled() {
  try {
    const binary = readFileSync(path.join(packageFolder(), 'path.txt'), 'utf8');
    return existsSync(path.join(installedFolder(), binary));
  } catch {
    return false;
  }
}

function installedFolder() {
  return path.join(packageFolder(), 'dist');
}

function packageFolder() {
  return path.dirname(require.resolve('electron/package.json'));
}
