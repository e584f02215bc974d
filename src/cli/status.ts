import { Command } from 'commander';
import { loadConfiguration } from '../config/load-configuration';
import { isAppError } from '../shared/errors';
import type { RecorderState, SessionState, Snapshot } from '../shared/snapshot';
import { omitUndefined } from '../shared/omit-undefined';
import { fetchSnapshot } from './running-service';
import { EXIT_DONE, EXIT_FAILED, EXIT_NOT_RUNNING } from '../shared/exit-codes';
import { printable } from '../shared/printable';

/** `srs status [--json]`: exit code 0 ok, 1 a problem is shown, 3 not running (config-and-cli.md, *Command line*). */
export function statusCommand(): Command {
  return new Command('status')
    .description('show what the running service is doing; exit code 0 ok, 1 degraded, 3 not running')
    .option('--config <file>', 'the configuration file the service was started with')
    .option('--json', 'the whole snapshot as JSON')
    .action(async ({ config: file, json }: { config?: string; json?: boolean }) => {
      const config = await loadConfiguration(omitUndefined({ file }));
      try {
        const snapshot = await fetchSnapshot(config);
        process.stdout.write(json ? `${JSON.stringify(snapshot, null, 2)}\n` : printable(describe(snapshot)));
        process.exitCode = snapshot.problems.length > 0 ? EXIT_FAILED : EXIT_DONE;
      } catch (error) {
        if (!isAppError(error, 'notRunning')) throw error;
        process.stderr.write(`srs: ${printable(error.message)}\n`);
        process.exitCode = EXIT_NOT_RUNNING;
      }
    });
}

/** The snapshot as a person reads it. */
function describe(snapshot: Snapshot): string {
  const quarantined = snapshot.uploads.jobs.filter((job) => job.state.status === 'quarantined').length;
  const lines = [
    `version   ${snapshot.version} (${snapshot.packageVersion})${snapshot.isDemo ? '  DEMO' : ''}`,
    `listens   ${snapshot.endpoints.join('  ')}`,
    `session   ${describeSession(snapshot.session)}`,
    `recorder  ${describeRecorder(snapshot.recorder)}`,
    `uploads   ${snapshot.uploads.jobs.length} queued, ${megabytes(snapshot.uploads.pendingBytes)} MB${quarantined > 0 ? `, ${quarantined} quarantined` : ''}`,
    ...snapshot.problems.flatMap((problem) => [`problem   ${problem.text} (${problem.code})`, `          ${problem.remedy}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function describeSession(session: SessionState): string {
  switch (session.status) {
    case 'signedOut':
      return 'no agent is signed in';
    case 'signingIn':
      return `${session.userName} signs in`;
    case 'connected':
      return `${session.agent.userName} on ${session.server} (${session.which}) since ${session.since}`;
    case 'reconnecting':
      return `${session.agent.userName}, reconnecting since ${session.since}: ${session.reason}`;
    case 'expired':
      return `${session.agent.userName}, expired at ${session.since}: the agent desktop stopped polling`;
    case 'signingOut':
      return `${session.agent.userName} signs out`;
  }
}

function describeRecorder(recorder: RecorderState): string {
  switch (recorder.status) {
    case 'idle':
      return 'not recording';
    case 'failed':
      return `failed at ${recorder.since}: ${recorder.reason}`;
    case 'starting':
    case 'finishing':
      return `${recorder.status} ${recorder.recordingId}`;
    case 'recording':
    case 'paused':
      return `${recorder.status} ${recorder.recordingId} since ${recorder.since}, ${megabytes(recorder.bytes)} MB${describeMasked(recorder.masked)}`;
  }
}

function describeMasked(masked: 'parts' | 'all' | undefined): string {
  if (masked === undefined) return '';
  return masked === 'parts' ? ', parts of the screen are covered' : ', the whole screen is covered';
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
