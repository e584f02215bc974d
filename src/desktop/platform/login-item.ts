import type { App } from 'electron';
import { LOGIN_ARGUMENT, type AutoStart } from './auto-start';

/** Windows (the user's Run key) and macOS (a login item). */
export class LoginItemAutoStart implements AutoStart {
  readonly #app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;
  readonly #platform: NodeJS.Platform;

  constructor(app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>, platform: NodeJS.Platform) {
    this.#app = app;
    this.#platform = platform;
  }

  async isOn(): Promise<boolean> {
    const settings = this.#app.getLoginItemSettings({ args: [LOGIN_ARGUMENT] });
    // The Task Manager leaves the entry and switches it off beside it.
    return this.#platform === 'win32' ? settings.executableWillLaunchAtLogin : settings.openAtLogin;
  }

  async set(isOn: boolean): Promise<void> {
    this.#app.setLoginItemSettings({ openAtLogin: isOn, args: [LOGIN_ARGUMENT] });
  }
}
