import { join } from 'node:path';
import type { Configuration } from '../config/schema';
import type { Random } from '../lib/backoff';
import { holdingTimers, type Clock } from '../lib/clock';
import { endsWithin } from '../lib/deadline';
import { DirectoryKeychain } from '../lib/directory-keychain';
import type { Keychain } from '../lib/keychain';
import type { Logger } from '../lib/logger';
import type { ScreenCapture } from '../screen/ports';
import { createRecorder, type Recorder } from '../recorder/recorder-runner';
import { createRwsGateway } from '../rws/create-rws-gateway';
import { KeychainCredentialStore } from '../session/keychain-credential-store';
import { MemoryCredentialStore } from '../session/memory-credential-store';
import { createServerGate } from '../session/server-gate';
import { SessionRunner } from '../session/session-runner';
import { describeError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';
import { toServiceVersion } from '../shared/version';
import { createSpool } from '../spool/create-spool';
import { createSpoolKeyVault } from '../spool/sealed/key-vault';
import { createUploadQueue, type UploadQueue } from '../upload/upload-queue';
import { History } from './history';
import type { ScreenRecordingService } from './ports';
import { ProblemList } from './problem-list';
import { RetainedLogins } from './retained-logins';
import { SnapshotStore } from './snapshot-store';
import { createTransitionLog } from './transition-log';

export interface ServiceDeps {
  readonly config: Configuration;
  readonly capture: ScreenCapture;
  readonly keychain: Keychain;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: () => string;
  readonly log: Logger;
  readonly packageVersion: string;
  readonly isDemo: boolean;
  readonly endpoints: () => readonly string[];
  /** The data directory is the one that needs not be named. */
  readonly isDefaultDirectory?: boolean;
  /** Makes and locks the data directory, if it is not yet. */
  readonly claimDirectory: () => Promise<void>;
  /** `dist/remux-worker.js`. */
  readonly remuxWorker: string;
}

/** The service and its parts, for the host that starts and stops them. */
export interface ComposedService {
  readonly service: ScreenRecordingService;
  readonly problems: ProblemReporter;
  readonly session: SessionRunner;
  readonly recorder: Recorder;
  readonly uploads: UploadQueue;
  /** Makes a new snapshot, after something the host owns changed (its endpoints). */
  refresh(): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What a keychain that works needs, with some to spare. */
const START_PATIENCE_MS = 1000;

/** Ties session, recorder, spool and uploads together: one state, one writer, plain snapshots. */
export function createService(deps: ServiceDeps): ComposedService {
  const { config, clock, log, random } = deps;
  const keychain = new DirectoryKeychain(deps.keychain, config.dataDirectory);
  const clientVersion = deps.config.reportedVersion ?? toServiceVersion(deps.packageVersion);
  const refresh = (): void => snapshots?.refresh();
  let snapshots: SnapshotStore | undefined;

  // 1. What every part reports to
  const problems = new ProblemList({ clock, log: log.child('problems'), onChange: refresh });
  const history = new History(clock);
  const note = (entry: Parameters<History['add']>[0]): void => {
    history.add(entry);
    refresh();
  };

  // 2. Recordings on disk
  const spoolDirectory = join(config.dataDirectory, 'spool');
  const vault = createSpoolKeyVault({
    keychain,
    fallback: config.spool.keyFallback,
    directory: config.dataDirectory,
    problems,
    log: log.child('spool'),
  });
  const spool = createSpool({
    directory: spoolDirectory,
    config: config.spool,
    vault,
    clock,
    log: log.child('spool'),
    problems,
    clientVersion,
    newId: deps.newId,
    onJob: (job) => {
      note({ event: 'recorded', recordingId: job.recordingId, userName: job.userName });
      uploads.add(job);
    },
    onDamaged: () => uploads.lookAgain(),
    claimDirectory: deps.claimDirectory,
    remuxWorker: deps.remuxWorker,
  });

  // 3. The queue and the logins it may use
  const gate = createServerGate(config);
  const logins = new RetainedLogins({
    clock,
    log: log.child('upload'),
    ...config.upload,
    gate,
    hasWorkFor: (isTheirs) => uploads.hasWorkFor(isTheirs),
    report: (report, recordedFor) => session.report(report, recordedFor),
  });
  const uploads: UploadQueue = createUploadQueue({
    jobs: spool.jobs,
    logins,
    config: config.upload,
    retentionDays: config.spool.retentionDays,
    paths: config.rws.paths,
    clock,
    random,
    log: log.child('upload'),
    problems,
    onUploaded: ({ recordingId, userName }) => note({ event: 'uploaded', recordingId, userName }),
    onFailed: ({ recordingId, userName }, reason) => note({ event: 'failed', recordingId, userName, reason }),
  });

  // 4. The recorder
  const recorder = createRecorder({
    capture: deps.capture,
    store: spool.recordings,
    clock,
    log: log.child('recorder'),
    problems,
    config: config.recording,
  });

  // 5. The agent's session
  const gateway = createRwsGateway({
    config: config.rws,
    trigger: config.recording.trigger,
    clientVersion,
    clock,
    random,
    log: log.child('rws'),
  });
  const session: SessionRunner = new SessionRunner({
    gateway,
    store:
      config.credentialStore === 'keychain'
        ? new KeychainCredentialStore({
            keychain,
            forgottenFile: join(config.dataDirectory, 'session-forgotten'),
            ...(deps.isDefaultDirectory ? { formerKeychain: deps.keychain } : {}),
          })
        : new MemoryCredentialStore(),
    clock,
    random,
    log: log.child('session'),
    newId: deps.newId,
    problems,
    gate,
    settings: {
      pingTimeoutSeconds: config.pingTimeoutSeconds,
      failoverAfterSeconds: config.rws.failoverAfterSeconds,
      failbackProbeSeconds: config.rws.failbackProbeSeconds,
      timeoutSeconds: config.rws.timeoutSeconds,
    },
    hooks: {
      finishRecording: (reason) => recorder.finish(reason),
      isRecording: () => isBusy(recorder),
      openedLogin: (login, servers) => logins.opened({ login, servers }),
      releaseLogin: (login, servers) => logins.released({ login, servers }),
    },
  });

  // 6. The one snapshot
  snapshots = new SnapshotStore({
    clock,
    onListenerError: (error) => log.error('a snapshot listener failed', { error }),
    read: () => ({
      version: clientVersion,
      packageVersion: deps.packageVersion,
      isDemo: deps.isDemo,
      endpoints: deps.endpoints(),
      session: session.state(),
      recorder: recorder.state(),
      uploads: uploads.state(),
      problems: problems.all,
      history: history.entries,
    }),
  });
  const store = snapshots;
  store.onChange(createTransitionLog(log));

  // 7. Who listens to whom
  session.onState(refresh);
  recorder.onState(refresh);
  uploads.onState(() => {
    logins.dropIdle();
    refresh();
  });
  session.onCommand((command, agent) => recorder.handle(command, agent));
  recorder.onReport((report, { userName, servers }) => {
    const { recordingId, reason } = report;
    if (report.state === 'Failed') note({ event: 'failed', recordingId, userName, ...(reason === undefined ? {} : { reason }) });
    void session.report(report, servers);
  });
  session.onState(warmWhileSignedIn(recorder, session, log));

  return {
    service: {
      checkServers: (named) => session.checkServers(named),
      login: async (request) => {
        const signedIn = await session.login(request);
        problems.clear('noConfiguration');
        return signedIn;
      },
      logout: (sessionId) => session.logout(sessionId),
      current: () => session.current(),
      poll: (sessionId) => session.poll(sessionId),
      retryUploads: (mediaId) => {
        gateway.forgiveRefusals();
        return uploads.retry(mediaId);
      },
      snapshot: () => store.current,
      onChange: (listener) => store.onChange(listener),
    },
    problems,
    session,
    recorder,
    uploads,
    refresh,
    async start() {
      await spool.start();
      await uploads.start();
      await withinPatience(recorder.start(), (error) => log.error('recordings of an earlier run were not finished', { error }));
      await withinPatience(session.start(), (error) => log.error('the stored session could not be looked for', { error }));
    },
    async stop() {
      await recorder.stop();
      // Before the session's login goes: an upload that is broken off on purpose is no failed try. Its reports wait in the session.
      await uploads.stop();
      await session.stop();
      logins.clear();
      await spool.stop();
    },
  };
}

/** Work that may have to wait for the keychain goes on behind a start that does not. */
async function withinPatience(task: Promise<void>, onError: (error: unknown) => void): Promise<void> {
  await endsWithin(holdingTimers, START_PATIENCE_MS, task.catch(onError));
}

function isBusy(recorder: Recorder): boolean {
  const { status } = recorder.state();
  return status !== 'idle' && status !== 'failed';
}

/** The capture page is warm while an agent is signed in (the recorder keeps it so), so that the first frame comes at once; gone otherwise. */
function warmWhileSignedIn(recorder: Recorder, session: SessionRunner, log: Logger): () => void {
  let isWanted = false;
  return () => {
    const { status } = session.state();
    const shouldBeWarm = status === 'connected' || status === 'reconnecting';
    if (shouldBeWarm === isWanted) return;
    isWanted = shouldBeWarm;
    const change = shouldBeWarm ? recorder.warm() : recorder.cool();
    change.catch((error: unknown) => log.warn('the capture page did not follow the session', { reason: describeError(error) }));
  };
}
