import type { App } from 'electron';
import { spawn } from 'node:child_process';
import { ownAppImage } from '../../lib/own-app-image';
import { LOGIN_ARGUMENT } from '../start-at-login/auto-start';

/** Waits for the process `$1` to end, then runs the rest. */
const AFTER_IT = 'while kill -0 "$1" 2>/dev/null; do sleep 0.2; done; shift; exec "$@"';

export interface RelaunchDeps {
  readonly app: Pick<App, 'relaunch' | 'getPath'>;
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly spawnDetached?: (command: string, args: readonly string[]) => void;
}

/**
 * Starts the program again when this process has ended. Without `--login`: a start at login is one that the user may have switched off
 * since. An AppImage cannot be started by Electron's own helper, which lies in the image that is unmounted at the end.
 */
export function relaunch({ app, argv, env, spawnDetached = spawnItself }: RelaunchDeps): void {
  const args = argv.slice(1).filter((argument) => argument !== LOGIN_ARGUMENT);
  const image = ownAppImage(env, app.getPath('exe'));
  if (image === undefined) app.relaunch({ args });
  else spawnDetached('/bin/sh', ['-c', AFTER_IT, 'sh', String(process.pid), image, ...args]);
}

function spawnItself(command: string, args: readonly string[]): void {
  spawn(command, args, { detached: true, stdio: 'ignore' }).unref();
}
