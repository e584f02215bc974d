import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { Command } from 'commander';
import { dataPaths } from '../config/data-paths';
import { loadConfiguration } from '../config/load-configuration';
import type { Configuration } from '../config/schema';
import { takeInstanceLock } from '../lib/instance-lock';
import { DirectoryKeychain } from '../lib/directory-keychain';
import type { Keychain } from '../lib/keychain';
import { createLogger } from '../lib/logger';
import { AppError, isAppError } from '../shared/errors';
import { plainReason } from '../shared/plain-reason';
import type { UploadJobState } from '../shared/snapshot';
import { describeRaised, type RaisedProblem } from '../shared/problem-catalogue';
import type { ProblemReporter } from '../shared/problems';
import { openJobStore } from '../spool/create-spool';
import type { DamagedJob } from '../spool/damaged-job';
import { createSpoolKeyVault } from '../spool/sealed/key-vault';
import type { JobStore, SpoolJob } from '../spool/ports';
import { resetJob } from '../upload/reset-job';
import { omitUndefined } from '../shared/omit-undefined';
import { writeExport } from './export-file';
import { logExport } from './export-log';
import { askForRetry, fetchSnapshot } from './running-service';
import { printable } from '../shared/printable';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
}

type OpenKeychain = () => Keychain;
type Stored = Awaited<ReturnType<typeof openJobStore>>;

const CONFIG_OPTION = ['--config <file>', 'the configuration file the service is started with'] as const;

/** `srs recordings list|retry|export` (config-and-cli.md, *Command line*). */
export function recordingsCommand(openKeychain: OpenKeychain): Command {
  const command = new Command('recordings').description('show, retry or unseal the recordings that wait on this computer');
  command
    .command('list')
    .description('list the recordings that wait to be uploaded, oldest first, and those that are damaged')
    .option(...CONFIG_OPTION)
    .option('--json', 'as JSON')
    .action(async (options: Options) => list(await load(options), openKeychain, options.json ?? false));
  command
    .command('retry [mediaId]')
    .description('try a waiting or quarantined recording again, or all of them: at once when the service runs, else when it starts')
    .option(...CONFIG_OPTION)
    .option('--json', 'as JSON')
    .action(async (mediaId: string | undefined, options: Options) =>
      retry(await load(options), openKeychain, { mediaId, asJson: options.json ?? false }),
    );
  command
    .command('export <mediaId> <file>')
    .description('unseal a recording into a file that anybody can play; it stays in the queue')
    .option(...CONFIG_OPTION)
    .option('--force', 'replace the file when it is there')
    .option('--json', 'as JSON')
    .action(async (mediaId: string, file: string, options: Options & { force?: boolean }) =>
      exportRecording(await load(options), openKeychain, {
        mediaId,
        file: resolve(file),
        force: options.force ?? false,
        asJson: options.json ?? false,
      }),
    );
  return command;
}

function load({ config: file }: Options): Promise<Configuration> {
  return loadConfiguration(omitUndefined({ file }));
}

async function openStored(config: Configuration, openKeychain: OpenKeychain): Promise<Stored> {
  const log = createLogger('warn', [{ write: (line) => void process.stderr.write(line) }]);
  const problems: ProblemReporter = {
    raise: (code, facts) => log.warn('problem shown', { problem: code, text: describeRaised({ code, facts } as RaisedProblem).text }),
    clear: () => undefined,
  };
  return openJobStore({
    directory: dataPaths(config.dataDirectory).spool,
    vault: openVault(config, openKeychain(), { problems, log }),
    log,
  });
}

function openVault(
  config: Configuration,
  keychain: Keychain,
  { problems, log }: { readonly problems: ProblemReporter; readonly log: ReturnType<typeof createLogger> },
): ReturnType<typeof createSpoolKeyVault> {
  return createSpoolKeyVault({
    keychain: new DirectoryKeychain(keychain, config.dataDirectory),
    fallback: config.spool.keyFallback,
    directory: config.dataDirectory,
    problems,
    log,
  });
}

/** With the states of the service that is at work on them, when one is. */
async function list(config: Configuration, openKeychain: OpenKeychain, asJson: boolean): Promise<void> {
  const { jobs, damaged } = await openStored(config, openKeychain);
  const states = await statesOfService(config);
  const waiting = await jobs.list();
  const unreadable = await damaged.list();
  if (asJson) {
    const withStates = waiting.map((job) => ({ ...job, ...(states.has(job.mediaId) ? { state: states.get(job.mediaId) } : {}) }));
    return printJson([...withStates, ...unreadable]);
  }
  const lines = [...waiting.map((job) => describeJob(job, states.get(job.mediaId))), ...unreadable.map(describeDamaged)];
  print(lines.length === 0 ? 'No recording waits to be uploaded.\n' : lines.join(''));
}

async function statesOfService(config: Configuration): Promise<ReadonlyMap<string, UploadJobState>> {
  const snapshot = await fetchSnapshot(config).catch(() => undefined); // None runs, or it is just starting: the disk says enough.
  return new Map((snapshot?.uploads.jobs ?? []).map(({ mediaId, state }) => [mediaId, state]));
}

function describeJob(job: SpoolJob, state: UploadJobState | undefined): string {
  const text = state === undefined ? describeStored(job) : describeState(state);
  return `${job.mediaId}  ${isoTime(job.createdAt)}  ${job.userName}  ${job.recordingId}  ${megabytes(job.size)}  ${text}\n`;
}

function describeState(state: UploadJobState): string {
  switch (state.status) {
    case 'ready':
      return 'ready';
    case 'uploading':
      return `uploading: ${megabytes(state.sent)} of it sent`;
    case 'waiting':
      return `waiting${state.nextTry === undefined ? '' : ` until ${state.nextTry}`}: ${state.reason}`;
    case 'quarantined':
      return `quarantined: ${state.reason}`;
  }
}

function describeStored({ quarantine, attempts }: SpoolJob): string {
  if (quarantine !== undefined) return `quarantined: ${quarantine.reason}`;
  return attempts === 0 ? 'ready' : `tried ${attempts} times`;
}

function describeDamaged({ mediaId, changedAt, size, damaged }: DamagedJob): string {
  const video = size === undefined ? 'without video' : megabytes(size);
  const advice = size === undefined ? '' : '; "srs recordings export" saves its video';
  return `${mediaId}  ${isoTime(changedAt)}  ?  ?  ${video}  damaged: ${damaged}${advice}\n`;
}

interface Retry {
  readonly mediaId: string | undefined;
  readonly asJson: boolean;
}

/** Whoever holds the data directory makes the change: a running service itself, else this command. */
async function retry(config: Configuration, openKeychain: OpenKeychain, { mediaId, asJson }: Retry): Promise<void> {
  const lock = await takeInstanceLock(config.dataDirectory).catch((error: unknown) => {
    if (isAppError(error, 'alreadyRunning')) return undefined;
    throw error;
  });
  try {
    const isRunning = lock === undefined;
    const retried = isRunning ? await askForRetry(config, mediaId) : await retryOnDisk(await openStored(config, openKeychain), mediaId);
    if (asJson) return printJson({ retried, isRunning });
    const when = isRunning
      ? 'are tried again now, as far as an agent is signed in who may carry them'
      : 'will be tried again when the service is started';
    print(`${retried} recording(s) ${when}.\n`);
  } finally {
    await lock?.release();
  }
}

async function retryOnDisk({ jobs }: Stored, mediaId: string | undefined): Promise<number> {
  const chosen = mediaId === undefined ? await jobs.list() : [await find(jobs, mediaId)];
  const retriedAt = Date.now();
  for (const job of chosen) await jobs.save(resetJob(job, retriedAt));
  return chosen.length;
}

/** A damaged one too, as far as its video can be read. */
async function openMedia({ jobs, damaged }: Stored, mediaId: string, onLost: (bytes: number) => void): Promise<Readable> {
  const isDamaged = (await damaged.list()).some((job) => job.mediaId === mediaId);
  if (!isDamaged) await find(jobs, mediaId);
  return damaged.openMedia(mediaId, onLost);
}

interface Export {
  readonly mediaId: string;
  readonly file: string;
  readonly force: boolean;
  readonly asJson: boolean;
}

async function exportRecording(config: Configuration, openKeychain: OpenKeychain, { mediaId, file, force, asJson }: Export): Promise<void> {
  if (!config.recordings.export) {
    throw new AppError(
      'configuration',
      'Nothing was exported: the setting recordings.export is false. Whoever administers this computer can change it.',
    );
  }
  let lost = 0;
  const media = await openMedia(await openStored(config, openKeychain), mediaId, (bytes) => (lost += bytes));
  await logExport(config.dataDirectory, mediaId);
  try {
    await writeExport(media, file, force);
  } catch (error) {
    throw new AppError('spool', `The recording could not be exported to ${file}: ${plainReason(error)}`, { cause: error });
  }
  if (asJson) printJson({ mediaId, file, lostBytes: lost });
  else print(`${file}\n`);
  if (lost > 0)
    process.stderr.write(`${megabytes(lost)} of it are damaged on the disk and could not be read: they are zeros in the file.\n`);
}

async function find(jobs: JobStore, mediaId: string): Promise<SpoolJob> {
  const job = (await jobs.list()).find((candidate) => candidate.mediaId === mediaId);
  if (job === undefined)
    throw new AppError('spool', `No recording with the media id "${mediaId}" waits here. "srs recordings list" shows them.`);
  return job;
}

function print(text: string): void {
  process.stdout.write(printable(text));
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
