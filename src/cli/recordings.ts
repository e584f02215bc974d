import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { loadConfiguration } from '../config/load-configuration';
import type { Configuration } from '../config/schema';
import { KeytarKeychain } from '../lib/keychain';
import { createLogger } from '../lib/logger';
import { AppError, describeError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';
import { openJobStore } from '../spool/create-spool';
import { createSpoolKeyVault } from '../spool/key-vault';
import type { JobStore, SpoolJob } from '../spool/ports';

interface Options {
  readonly config?: string;
}

const CONFIG_OPTION = ['--config <file>', 'the configuration file the service is started with'] as const;

/** `srs recordings list|retry|export` (config-and-cli.md, *Command line*). */
export function recordingsCommand(): Command {
  const command = new Command('recordings').description('show, retry or unseal the recordings that wait on this computer');
  command
    .command('list')
    .description('list the recordings that wait to be uploaded, oldest first')
    .option(...CONFIG_OPTION)
    .option('--json', 'as JSON')
    .action(async (options: Options & { json?: boolean }) => list(await openJobs(options), options.json ?? false));
  command
    .command('retry [mediaId]')
    .description('let the next start try a quarantined recording again, or all of them')
    .option(...CONFIG_OPTION)
    .action(async (mediaId: string | undefined, options: Options) => retry(await openJobs(options), mediaId));
  command
    .command('export <mediaId> <file>')
    .description('unseal a recording into a file that anybody can play; it stays in the queue')
    .option(...CONFIG_OPTION)
    .option('--force', 'replace the file when it is there')
    .action(async (mediaId: string, file: string, options: Options & { force?: boolean }) =>
      exportRecording(await openJobs(options), mediaId, resolve(file), options.force ?? false),
    );
  return command;
}

async function openJobs({ config: file }: Options): Promise<JobStore> {
  const config = await loadConfiguration(file === undefined ? {} : { file });
  const log = createLogger('warn', [{ write: (line) => void process.stderr.write(line) }]);
  const problems: ProblemReporter = { raise: ({ text, remedy }) => log.warn(text, { remedy }), clear: () => undefined };
  return openJobStore({ directory: spoolDirectory(config), vault: openVault(config, problems, log), log });
}

function spoolDirectory(config: Configuration): string {
  return join(config.dataDirectory, 'spool');
}

function openVault(
  config: Configuration,
  problems: ProblemReporter,
  log: ReturnType<typeof createLogger>,
): ReturnType<typeof createSpoolKeyVault> {
  return createSpoolKeyVault({
    keychain: new KeytarKeychain(),
    fallback: config.spool.keyFallback,
    directory: config.dataDirectory,
    problems,
    log,
  });
}

async function list(jobs: JobStore, asJson: boolean): Promise<void> {
  const all = await jobs.list();
  if (asJson) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  else process.stdout.write(all.length === 0 ? 'No recording waits to be uploaded.\n' : all.map(describeJob).join(''));
}

function describeJob(job: SpoolJob): string {
  const state =
    job.quarantine === undefined ? (job.attempts === 0 ? 'ready' : `tried ${job.attempts} times`) : `quarantined: ${job.quarantine.reason}`;
  const megabytes = (job.size / 1e6).toFixed(1);
  return `${job.mediaId}  ${new Date(job.createdAt).toISOString()}  ${job.userName}  ${job.recordingId}  ${megabytes} MB  ${state}\n`;
}

async function retry(jobs: JobStore, mediaId: string | undefined): Promise<void> {
  const chosen = mediaId === undefined ? await jobs.list() : [await find(jobs, mediaId)];
  for (const { quarantine: _q, notBefore: _n, ownAgentOnly: _o, ...job } of chosen) await jobs.save({ ...job, attempts: 0 });
  process.stdout.write(
    `${chosen.length} recording(s) will be tried again. A service that is running takes this up when it is started next.\n`,
  );
}

async function exportRecording(jobs: JobStore, mediaId: string, file: string, force: boolean): Promise<void> {
  const job = await find(jobs, mediaId);
  try {
    await pipeline(jobs.openMedia(job), createWriteStream(file, { flags: force ? 'w' : 'wx', mode: 0o600 }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(file, { force: true });
    throw new AppError('spool', `The recording could not be exported to ${file}: ${describeError(error)}`, { cause: error });
  }
  process.stdout.write(`${file}\n`);
}

async function find(jobs: JobStore, mediaId: string): Promise<SpoolJob> {
  const job = (await jobs.list()).find((candidate) => candidate.mediaId === mediaId);
  if (job === undefined)
    throw new AppError('spool', `No recording with the media id "${mediaId}" waits here. "srs recordings list" shows them.`);
  return job;
}
