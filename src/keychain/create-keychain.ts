import { join } from 'node:path';
import type { OwnedKeychain } from '../lib/keychain';
import { SystemClock } from '../lib/clock';
import { silentLogger } from '../lib/logger';
import { nodeWorker } from '../lib/node-worker';
import type { LookAtKeychain } from './ports';
import { ProcessKeychain, type ProcessKeychainDeps } from './process-keychain';
import { lookAtSecretService } from './secret-service';

export type SystemKeychainDeps = Pick<ProcessKeychainDeps, 'startWorker' | 'log' | 'mayAsk' | 'service'>;

/** The keychain of this system: Windows' Credential Manager, macOS' Keychain, the Secret Service of Linux. */
export function createSystemKeychain(deps: SystemKeychainDeps): OwnedKeychain {
  return new ProcessKeychain({ ...deps, clock: new SystemClock(), look: lookFor(process.platform, process.env) });
}

/** @param bundles the folder of `keychain-worker.js` */
export function createNodeKeychain(bundles: string, deps: Partial<SystemKeychainDeps> = {}): OwnedKeychain {
  return createSystemKeychain({ log: silentLogger, startWorker: nodeWorker(join(bundles, 'keychain-worker.js')), ...deps });
}

/** Windows and macOS do not tell without a call. */
function lookFor(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): LookAtKeychain {
  if (platform === 'win32' || platform === 'darwin') return () => Promise.resolve({ status: 'unknown', mark: platform });
  return lookAtSecretService(env);
}
