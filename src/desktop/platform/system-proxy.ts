import { app, session } from 'electron';
import type { SystemProxy } from '../../lib/system-proxy';

let reloading: Promise<void> | undefined;

/** As Chromium finds it: the system's settings, a proxy script (PAC), or what the network announces (WPAD). Waits for Electron to be ready. */
export const systemProxy: SystemProxy = {
  resolve: async (url) => {
    await app.whenReady();
    // A session that was just made answers DIRECT before it has read the settings: seen with Electron 33 and a proxy script.
    reloading ??= session.defaultSession.forceReloadProxyConfig();
    reloading.catch(() => (reloading = undefined)); // the next question tries again
    await reloading;
    return session.defaultSession.resolveProxy(url);
  },
};
