import type { LiveConfiguration } from '../config/live-configuration';
import type { Configuration } from '../config/schema';
import type { OwnedKeychain } from '../lib/keychain';
import type { LookAtSession } from '../lib/front-session';
import type { Logger } from '../lib/logger';
import type { SystemProxy } from '../lib/system-proxy';
import type { DirectoryClaim } from './directory-claim';
import type { ScreenCapture } from '../screen/ports';
import type { ScreenRecordingService } from '../service/ports';
import type { Unsubscribe } from '../shared/emitter';
import type { ProblemReporter } from '../shared/problems';

/** What differs between the Electron application and the headless program. */
export interface HostDeps {
  /** With `live`, its settings. */
  readonly config: Configuration;
  /** Follows its sources while it runs; absent: the configuration of the start stays. */
  readonly live?: LiveConfiguration;
  readonly capture: ScreenCapture;
  readonly log: Logger;
  readonly isDemo: boolean;
  /** Ended with the host. */
  readonly keychain: OwnedKeychain;
  readonly directory: Pick<DirectoryClaim, 'hold'>;
  /** Of the system, where this host can ask it. */
  readonly systemProxy?: SystemProxy | undefined;
  /** Default: what the system tells. */
  readonly lookAtSession?: LookAtSession;
}

/** The whole service with its local API, as both hosts run it. `start` and `stop` are memoised; `stop` is safe in any state. */
export interface Host {
  readonly service: ScreenRecordingService;
  readonly problems: ProblemReporter;
  readonly power: PowerEvents;
  /**
   * Recovers recordings, resumes the session, listens. Resolves with the addresses; with none while another user of this computer holds the
   * port, which is shown and tried again. Throws `AppError` `portTaken` where waiting would not help, and the like.
   */
  start(): Promise<readonly string[]>;
  /** Called with the addresses once it listens, however late, and with one that is added later alone. Subscribe before `start`. */
  onListening(listener: (addresses: readonly string[]) => void): Unsubscribe;
  /** Finishes a running recording, ends the session at RWS, closes the sockets; one overall deadline. */
  stop(): Promise<void>;
}

/** What the operating system says of itself. */
export interface PowerEvents {
  suspended(): void;
  resumed(): void;
  locked(): void;
  unlocked(): void;
  /** Another user's session came to the front, or this one again: for systems that tell by events. */
  inFront(isInFront: boolean): void;
  networkChanged(): void;
  displaysChanged(): void;
}
