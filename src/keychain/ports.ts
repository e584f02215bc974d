import type { StartWorker, WorkerProcess } from '../lib/worker-process';
import type { KeychainRequest } from './worker-protocol';

/** A running `dist/keychain-worker.js`. */
export type KeychainWorker = WorkerProcess<KeychainRequest>;

export type StartKeychainWorker = StartWorker<KeychainRequest>;

/**
 * What can be seen of the keychain without waiting for a person.
 * - `open`: it can be used
 * - `locked`: every call would ask a person
 * - `absent`: no keychain runs; a call may start one
 * - `unreachable`: there is no way to one
 * - `silent`: it runs and does not answer
 * - `unknown`: only a call can tell
 */
export interface KeychainSight {
  readonly status: 'open' | 'locked' | 'absent' | 'unreachable' | 'silent' | 'unknown';
  /** Differs when the keychain has changed: locked, unlocked, restarted. */
  readonly mark: string;
}

/** Never throws, and answers within `LOOK_DEADLINE_MS`. */
export type LookAtKeychain = () => Promise<KeychainSight>;
