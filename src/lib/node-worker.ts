import { fork } from 'node:child_process';
import type { StartWorker } from './worker-process';

/** A worker of Node's. @param path such as `dist/keychain-worker.js` */
export function nodeWorker(path: string): StartWorker<object> {
  return async (listener) => {
    const child = fork(path, [], {
      // What libraries of the system print is nobody's business, and a debugger's switches are for this process only.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: undefined },
    });
    let hasEnded = false;
    const ended = (reason: string): void => {
      if (hasEnded) return;
      hasEnded = true;
      listener.onEnd(reason);
    };
    child.on('message', (message) => listener.onMessage(message));
    child.once('error', (error) => ended(error.message));
    child.once('exit', (code, signal) => ended(`it ended with ${signal ?? code}`));
    return {
      send: (request) => child.send(request, (error) => (error === null ? undefined : ended(error.message))),
      kill: () => void child.kill('SIGKILL'),
      setBusy: (isBusy) => {
        if (isBusy) {
          child.ref();
          child.channel?.ref();
        } else {
          child.unref();
          child.channel?.unref();
        }
      },
    };
  };
}
