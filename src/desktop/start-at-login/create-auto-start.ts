import type { App } from 'electron';
import { homedir } from 'node:os';
import type { AutoStart } from './auto-start';
import { LoginItemAutoStart } from './login-item';
import { XdgAutoStart } from './xdg-auto-start';

/** As this system starts programs at login. */
export function createAutoStart(app: App): AutoStart {
  return process.platform === 'linux'
    ? new XdgAutoStart({ env: process.env, homeDirectory: homedir(), executable: app.getPath('exe'), name: app.getName() })
    : new LoginItemAutoStart(app, process.platform);
}
