import * as z from 'zod';
import { readJsonFile, writeJsonFile } from '../../lib/json-file';
import type { Logger } from '../../lib/logger';
import { describeError } from '../../shared/errors';
import type { AutoStart } from './auto-start';

export interface StartAtLoginDeps {
  readonly autoStart: AutoStart;
  /** `autoStart` of the configuration. */
  readonly isWanted: () => boolean;
  /** The user's own settings (config-and-cli.md): where the choice is kept. */
  readonly userFile: string;
  /** Neither locked by policy, nor run from a checkout or with a configuration file of its own. */
  readonly isChangeable: () => boolean;
  /** Installed on this machine: a checkout never starts by itself. */
  readonly isInstalled: boolean;
  readonly log: Logger;
}

const userFileSchema = z.record(z.string(), z.unknown());

/** The checkbox "Start at login": configuration, the user's choice and the system's state in one place. */
export class StartAtLogin {
  readonly #deps: StartAtLoginDeps;
  #isOn = false;

  constructor(deps: StartAtLoginDeps) {
    this.#deps = deps;
  }

  get state(): { readonly isOn: boolean; readonly isChangeable: boolean } {
    return { isOn: this.#isOn, isChangeable: this.#deps.isChangeable() };
  }

  /** Brings the system in line with the configuration, but for what the user switched off in the system's own settings. */
  async start(): Promise<void> {
    const { isInstalled, autoStart } = this.#deps;
    if (!isInstalled) return;
    const isWanted = this.#deps.isWanted();
    const isSet = await autoStart.isSet().catch(() => false);
    await this.#apply(isWanted, isSet !== isWanted);
  }

  async toggle(): Promise<void> {
    const { isChangeable, userFile, log } = this.#deps;
    if (!isChangeable()) return;
    const isOn = !this.#isOn;
    await this.#apply(isOn, true);
    try {
      const settings = (await readJsonFile(userFile, userFileSchema)) ?? {};
      await writeJsonFile(userFile, { ...settings, autoStart: isOn });
    } catch (error) {
      log.warn('the choice to start at login was not kept', { reason: describeError(error) });
    }
  }

  async #apply(isOn: boolean, isToBeWritten: boolean): Promise<void> {
    const { autoStart, log } = this.#deps;
    try {
      if (isToBeWritten) await autoStart.set(isOn);
      // A machine-wide entry stays where the user's choice is no: started by it, the program ends at once.
      this.#isOn = isOn && (await autoStart.isOn());
      log.info('start at login', { wanted: isOn, isOn: this.#isOn });
    } catch (error) {
      log.warn('start at login could not be set', { reason: describeError(error) });
    }
  }
}
