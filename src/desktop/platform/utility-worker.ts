import { app, utilityProcess } from 'electron';
import type { StartKeychainWorker } from '../../keychain/ports';
import { errnoOf } from '../../lib/errno-of';

/**
 * The keychain's worker in a utility process: the installed application cannot fork itself as Node (its RunAsNode fuse is off).
 * @param path `dist/keychain-worker.js`
 */
export function utilityKeychainWorker(path: string): StartKeychainWorker {
  return async (listener) => {
    await app.whenReady();
    const child = utilityProcess.fork(path, [], { serviceName: 'Keychain', stdio: 'ignore' });
    child.on('message', (message) => listener.onMessage(message));
    child.once('exit', (code) => listener.onEnd(`it ended with ${code}`));
    return {
      send: (request) => child.postMessage(request),
      kill: () => {
        // `child.kill()` asks it to end, which it cannot while its threads wait.
        if (child.pid === undefined) child.kill();
        else killProcess(child.pid);
      },
      setBusy: () => undefined, // Electron's main process lasts until it is told to end.
    };
  };
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}
