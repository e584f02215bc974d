import type { App } from 'electron';
import type { Logger } from '../../lib/logger';
import { relaunch } from './relaunch';
import { crashTimes, shouldRestart, writeCrashReport } from './crash-reports';
import { EXIT_FAILED } from '../../shared/exit-codes';

export interface CrashHandlersDeps {
  readonly app: App;
  readonly reportDirectory: string;
  readonly packageVersion: string;
  readonly log: Logger;
}

/** From here on a fault that nobody caught leaves a report; one of the main process starts the program anew, which recovers the recording. */
export function installCrashHandlers({ app, reportDirectory, packageVersion, log }: CrashHandlersDeps): void {
  const report = (process: string, fields: Readonly<Record<string, unknown>>): void =>
    writeCrashReport(reportDirectory, Date.now(), { process, packageVersion, ...fields });

  process.on('uncaughtException', (error) => {
    log.error('uncaught exception', { error });
    report('main', { error });
    const isRestarting = shouldRestart(crashTimes(reportDirectory, 'main'), Date.now());
    log.error(isRestarting ? 'starting again after a crash' : 'crashed too often: not starting again');
    if (isRestarting) relaunch({ app, argv: process.argv, env: process.env });
    app.exit(EXIT_FAILED);
  });
  process.on('unhandledRejection', (error) => log.error('unhandled rejection', { error }));
  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    if (reason === 'clean-exit' || reason === 'killed') return;
    report('renderer', { page: contents.isDestroyed() ? 'closed' : contents.getURL(), reason, exitCode });
  });
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason === 'clean-exit' || reason === 'killed') return;
    log.error('a child process is gone', { type, reason, exitCode });
    report(type, { reason, exitCode });
  });
}
