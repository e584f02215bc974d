import type { SpoolConfiguration } from '../config/schema';
import type { Clock, Timer } from '../lib/clock';
import { isDiskFull } from '../lib/disk-full';
import type { Logger } from '../lib/logger';
import type { RecordingStore } from '../recorder/ports';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import { describeError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';
import type { RecordingStart } from '../shared/recording';
import { DamagedJobs } from './jobs/damaged-jobs';
import { FileJobStore } from './jobs/file-job-store';
import { FileRecordingStore } from './recordings/file-recording-store';
import { createMediaWorker } from './media/media-worker';
import type { JobStore, SpoolJob, SpoolKeyVault } from './ports';
import { SegmentJobMaker } from './recordings/segment-job-maker';
import { createSpoolPaths, makeSpoolFolders } from './spool-paths';
import { SpoolSpace, type SpoolUsage } from './spool-space';

const RETRY_MS = 15_000;

export interface SpoolDeps {
  readonly directory: string;
  readonly config: SpoolConfiguration;
  readonly vault: SpoolKeyVault;
  readonly clock: Clock;
  readonly log: Logger;
  readonly problems: ProblemReporter;
  /** `8.5.zyy.xx`, into the metadata. */
  readonly clientVersion: string;
  /** Unique, and fit for a file name. */
  readonly newId: () => string;
  /** Makes and locks the data directory, if it is not yet (a disk without room for it). Throws when there still is none. */
  readonly claimDirectory: () => Promise<void>;
  /** `dist/remux-worker.js`; without it the remux runs in this thread. */
  readonly remuxWorker?: string;
}

export interface Spool {
  readonly recordings: RecordingStore;
  readonly jobs: JobStore;
  /** Makes the folders, now or once the disk has room for them, and begins to get the key, so that no recording waits for the keychain, and this does not either. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** A recording became an upload job; its sidecar is on disk. Subscribe before `start`. */
  onJob(listener: (job: SpoolJob) => void): Unsubscribe;
  /** A recording of an earlier run was never finished, and there is no file left to say so. Subscribe before recordings are recovered. */
  onBrokenOff(listener: (start: RecordingStart) => void): Unsubscribe;
  /** There is one more recording that cannot be read, `jobs.damagedCount`, or `jobs.refused` changed. */
  onDamaged(listener: () => void): Unsubscribe;
  usage(): Promise<SpoolUsage>;
  /** Shows or clears what the limits make a problem: they changed. Never rejects. */
  lookAtRoom(): Promise<void>;
}

/** Recordings and upload jobs on disk, sealed. Rules and file formats: src/spool/README.md. */
export function createSpool(deps: SpoolDeps): Spool {
  const { config, vault, clock, log, problems, clientVersion, newId } = deps;
  const onListenerError = (error: unknown): void => log.error('a listener of the spool failed', { error });
  const newJobs = new Emitter<SpoolJob>(onListenerError);
  const damages = new Emitter<void>(onListenerError);
  const breaks = new Emitter<RecordingStart>(onListenerError);
  const onJob = (job: SpoolJob): void => newJobs.emit(job);
  const paths = createSpoolPaths(deps.directory);
  const space = new SpoolSpace(deps.directory, config, problems);
  const showRoom = async (look: () => Promise<unknown>): Promise<void> => {
    await look().catch((error: unknown) => log.warn('the room in the spool could not be looked at', { reason: describeError(error) }));
  };
  const jobs = new FileJobStore({
    paths,
    vault,
    log,
    onDamaged: () => damages.emit(),
    onRemoved: () => showRoom(() => space.lookAgain()),
    whenRecorded: (recordingId) => recordings.whenRecorded(recordingId),
    refused: () => recordings.refused,
  });
  const makeMediaFile = createMediaWorker(deps.remuxWorker, log);
  const onPutAside = (): void => jobs.notePutAside();
  const jobMaker = new SegmentJobMaker({ paths, vault, jobs, makeMediaFile, clock, log, problems, clientVersion, onJob, onPutAside });
  const recordings: FileRecordingStore = new FileRecordingStore({
    paths,
    vault,
    encrypt: config.encrypt,
    space,
    jobMaker,
    log,
    newId,
    open: () => open(),
    onPutAside,
    onRefused: () => damages.emit(),
    onBrokenOff: (start) => breaks.emit(start),
  });
  let starting: Promise<void> | undefined;
  let opening: Promise<void> | undefined;
  let retryTimer: Timer | undefined;
  let isStopped = false;

  /** Once; tried again after it failed. */
  const open = (): Promise<void> =>
    (opening ??= (async () => {
      await deps.claimDirectory();
      await makeSpoolFolders(paths);
    })().catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));

  const retry = async (): Promise<void> => {
    await open();
    if (recordings.hasUnfinished) await recordings.recover();
    await jobs.retryRemovals();
    for (const job of await jobs.retryUnread()) onJob(job);
  };

  /** What could not be finished or read is tried again while we run: disks are cleared and keychains unlocked. */
  const retryLater = (): void => {
    if (isStopped) return;
    retryTimer = clock.after(RETRY_MS, () => {
      void showRoom(() => space.look());
      retry()
        .catch((error: unknown) => log.error('unfinished recordings could not be looked through', { reason: describeError(error) }))
        .finally(retryLater);
    });
  };

  const lookAtRoom = async (): Promise<void> => {
    await showRoom(() => space.look());
    await showRoom(() => space.hasRoom());
  };

  const start = async (): Promise<void> => {
    await open().catch((error: unknown) => {
      if (!isDiskFull(error)) throw error;
      log.warn('the disk has no room for the spool: it is tried again', { error: space.raiseFloor('full', error) });
    });
    await recordings.tidy();
    await jobs.tidy();
    await lookAtRoom();
    retryLater();
    if (!config.encrypt) return;
    vault.key().catch((error: unknown) => log.warn('no recording key yet', { reason: describeError(error) }));
  };

  return {
    recordings,
    jobs,
    start: () => (starting ??= start()),
    stop: async () => {
      isStopped = true;
      retryTimer?.cancel();
      await recordings.stop();
    },
    onJob: (listener) => newJobs.subscribe(listener),
    onDamaged: (listener) => damages.subscribe(listener),
    onBrokenOff: (listener) => breaks.subscribe(listener),
    usage: () => space.usage(),
    lookAtRoom,
  };
}

/** The jobs alone, for the command line: makes the folders, changes nothing else by itself. */
export async function openJobStore({
  directory,
  vault,
  log,
}: Pick<SpoolDeps, 'directory' | 'vault' | 'log'>): Promise<{ readonly jobs: JobStore; readonly damaged: DamagedJobs }> {
  const paths = createSpoolPaths(directory);
  await makeSpoolFolders(paths);
  return { jobs: new FileJobStore({ paths, vault, log, isOnlooker: true }), damaged: new DamagedJobs(paths, vault) };
}
