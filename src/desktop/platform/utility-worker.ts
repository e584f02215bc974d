import { app, utilityProcess } from 'electron';
import { errnoOf } from '../../lib/errno-of';
import type { StartWorker } from '../../lib/worker-process';

/**
 * A worker in a utility process: the installed application cannot fork itself as Node (its RunAsNode fuse is off).
 * @param path such as `dist/keychain-worker.js`
 * @param serviceName as the system's list of processes may show it
 */
export function utilityWorker(path: string, serviceName: string): StartWorker<object> {
  return async (listener) => {
    await app.whenReady();
    const child = utilityProcess.fork(path, [], { serviceName, stdio: 'ignore' });
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
