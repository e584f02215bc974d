import type { Area } from './areas';
import type { WindowNames } from './rule-matching';

/** One window that is shown, whether or not others lie above it. */
export interface DeskWindow extends WindowNames {
  readonly id: number;
  /** All of it, frame and title bar included. */
  readonly area: Area;
  /** Where nothing below it shows through. Empty when that is not sure. */
  readonly opaque: readonly Area[];
  /** Windows it belongs to, such as a menu's: covered when one of them is. */
  readonly owners: readonly number[];
  /** Names of windows that it belongs to and that are not shown: a dialog may be up while its owner is hidden, or before it is there. */
  readonly hiddenOwners?: readonly WindowNames[];
  /** What it is could not be found out: it is covered, whatever the rules say. */
  readonly isUnknown?: boolean;
}

/** All windows of one moment. Areas are pixels as `CaptureDisplay.geometry` has them: the origin is the primary display's corner. */
export interface Desk {
  readonly displays: readonly Area[];
  /** The uppermost first. */
  readonly windows: readonly DeskWindow[];
}

export interface WindowsListener {
  /** The windows have come to be so. Called for every state, in order, also for those that last a millisecond. */
  onDesk(desk: Desk): void;
  /** The windows are not known any more. Called once. */
  onLost(reason: string): void;
}

/** Where windows are known from: one connection to the system. */
export interface VisibleWindows {
  /**
   * Resolves when the listener was told every state up to one that was read after this call; the last one is the state now. Rejects when the
   * system did not answer within `WINDOWS_DEADLINE_MS`.
   */
  look(): Promise<void>;
  close(): void;
}

/** Opens a connection. Rejects with `AppError` `dependencyMissing` where the system does not tell its windows. */
export type OpenVisibleWindows = (listener: WindowsListener) => Promise<VisibleWindows>;

/** A system that takes longer does not tell its windows. */
export const WINDOWS_DEADLINE_MS = 2000;
