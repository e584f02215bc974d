import { prepareDataDirectory } from '../config/data-directory';
import { isDiskFull } from '../lib/disk-full';
import { takeInstanceLock, type InstanceLock } from '../lib/instance-lock';

/** The data directory as one process's own: made and locked, at once or as soon as the disk has room for it. */
export class DirectoryClaim {
  readonly #path: string;
  #lock: Promise<InstanceLock> | undefined;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Throws `AppError` `alreadyRunning` or `configuration`, but not when the disk has no room for the folder. */
  static async make(dataDirectory: string): Promise<DirectoryClaim> {
    const claim = new DirectoryClaim(dataDirectory);
    await claim.hold().catch((error: unknown) => {
      if (!isDiskFull(error)) throw error;
    });
    return claim;
  }

  /** Does nothing when it is held. Throws the system's error while there is no room, too. */
  async hold(): Promise<void> {
    this.#lock ??= this.#take();
    await this.#lock;
  }

  async release(): Promise<void> {
    const lock = await this.#lock?.catch(() => undefined);
    await lock?.release();
  }

  async #take(): Promise<InstanceLock> {
    try {
      await prepareDataDirectory(this.#path);
      return await takeInstanceLock(this.#path);
    } catch (error) {
      this.#lock = undefined;
      throw error;
    }
  }
}
