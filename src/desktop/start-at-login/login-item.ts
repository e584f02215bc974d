import type { App, LoginItemSettingsOptions } from 'electron';
import { LOGIN_ARGUMENT, type AutoStart } from './auto-start';

/** Windows (the user's Run key) and macOS (a login item). */
export class LoginItemAutoStart implements AutoStart {
  readonly #app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings' | 'getPath'>;
  readonly #platform: NodeJS.Platform;

  constructor(app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings' | 'getPath'>, platform: NodeJS.Platform) {
    this.#app = app;
    this.#platform = platform;
  }

  async isOn(): Promise<boolean> {
    const settings = this.#app.getLoginItemSettings(this.#options());
    // The Task Manager leaves the entry and switches it off beside it.
    return this.#platform === 'win32' ? settings.executableWillLaunchAtLogin : settings.openAtLogin;
  }

  async isSet(): Promise<boolean> {
    return this.#app.getLoginItemSettings(this.#options()).openAtLogin;
  }

  /** On Windows this also undoes what the user switched off in the Task Manager. */
  async set(isOn: boolean): Promise<void> {
    this.#app.setLoginItemSettings({ ...this.#options(), openAtLogin: isOn });
  }

  /** Quoted, since Electron writes the path into the Run key as it comes, and Windows cuts it at its first blank. */
  #options(): LoginItemSettingsOptions {
    const args = [LOGIN_ARGUMENT];
    return this.#platform === 'win32' ? { path: `"${this.#app.getPath('exe')}"`, args } : { args };
  }
}
