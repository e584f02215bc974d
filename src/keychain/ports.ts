import type { KeychainRequest } from './worker-protocol';

/** A running `dist/keychain-worker.js`. Messages are kept from everybody else: no arguments, no environment, no files. */
export interface KeychainWorker {
  send(request: KeychainRequest): void;
  /** Ends it at once, whatever its threads wait for. */
  kill(): void;
  /** While busy, it keeps this process alive. */
  setBusy(isBusy: boolean): void;
}

export interface KeychainWorkerListener {
  /** As it came, to be parsed. */
  onMessage(message: unknown): void;
  /** It ended, or could not be started. Called once. */
  onEnd(reason: string): void;
}

/** How a host starts the worker: Node forks it, Electron makes it a utility process. */
export type StartKeychainWorker = (listener: KeychainWorkerListener) => Promise<KeychainWorker>;

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
