import { dataPaths } from '../config/data-paths';
import type { Configuration } from '../config/schema';
import type { Random } from '../lib/backoff';
import type { Clock, Timers } from '../lib/clock';
import { DirectoryKeychain } from '../lib/directory-keychain';
import type { Keychain } from '../lib/keychain';
import type { Logger } from '../lib/logger';
import type { SystemProxy } from '../lib/system-proxy';
import { createRecorder, type Recorder } from '../recorder/recorder-runner';
import { createRwsGateway } from '../rws/create-rws-gateway';
import type { RwsGateway } from '../rws/ports';
import type { ScreenCapture } from '../screen/ports';
import { KeychainCredentialStore } from '../session/keychain-credential-store';
import { MemoryCredentialStore } from '../session/memory-credential-store';
import { createServerGate, type ServerGate } from '../session/server-gate';
import { SessionRunner } from '../session/session-runner';
import { toServiceVersion } from '../shared/version';
import { createSpool, type Spool } from '../spool/create-spool';
import { createSpoolKeyVault } from '../spool/sealed/key-vault';
import { UploadQueue } from '../upload/upload-queue';
import { History } from './history';
import { ProblemList } from './problem-list';
import { RetainedLogins } from './retained-logins';
import { SnapshotStore } from './snapshot-store';

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
  /** The way to RWS; default: over HTTP, as configured. */
  readonly gateway?: RwsGateway;
  /** Asked where neither configuration nor environment names a proxy. */
  readonly systemProxy?: SystemProxy | undefined;
  /** Bound a start that waits for the keychain; default: timers that keep the process alive. */
  readonly startTimers?: Timers;
}

/** What the service is made of. None of them knows of those that come after it; `create-service.ts` says who listens to whom. */
export interface ServiceParts {
  readonly problems: ProblemList;
  readonly history: History;
  readonly spool: Spool;
  readonly logins: RetainedLogins;
  readonly uploads: UploadQueue;
  readonly recorder: Recorder;
  readonly gateway: RwsGateway;
  readonly session: SessionRunner;
  readonly snapshots: SnapshotStore;
}

export function createServiceParts(deps: ServiceDeps): ServiceParts {
  const { config, clock, log, random } = deps;
  const clientVersion = config.reportedVersion ?? toServiceVersion(deps.packageVersion);
  const keychain = new DirectoryKeychain(deps.keychain, config.dataDirectory);
  const gate = createServerGate(config);

  // 1. What every part reports to
  const problems = new ProblemList({ clock, log: log.child('problems') });
  const history = new History({ clock, log });

  // 2. Recordings on disk
  const spool = createSpool({
    directory: dataPaths(config.dataDirectory).spool,
    config: config.spool,
    vault: createSpoolKeyVault({
      keychain,
      fallback: config.spool.keyFallback,
      directory: config.dataDirectory,
      problems,
      log: log.child('spool'),
    }),
    clock,
    log: log.child('spool'),
    problems,
    clientVersion,
    newId: deps.newId,
    claimDirectory: deps.claimDirectory,
    remuxWorker: deps.remuxWorker,
  });

  // 3. The logins the queue may use, and the queue
  const logins = new RetainedLogins({ clock, log: log.child('upload'), config: config.upload, gate });
  const uploads = new UploadQueue({
    jobs: spool.jobs,
    logins,
    config: config.upload,
    retention: config.spool,
    rws: config.rws,
    clock,
    random,
    log: log.child('upload'),
    problems,
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

  // 5. The agent's session, which finishes recordings and gives the queue its logins
  const gateway =
    deps.gateway ??
    createRwsGateway({
      config: config.rws,
      trigger: config.recording.trigger,
      clientVersion,
      clock,
      random,
      log: log.child('rws'),
      systemProxy: deps.systemProxy,
    });
  const session = createSession(deps, { keychain, gate, gateway, problems, recorder, logins, uploads });

  // 6. The one snapshot
  const snapshots = new SnapshotStore({
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

  return { problems, history, spool, logins, uploads, recorder, gateway, session, snapshots };
}

interface SessionNeeds extends Pick<ServiceParts, 'gateway' | 'problems' | 'recorder' | 'logins' | 'uploads'> {
  readonly keychain: Keychain;
  readonly gate: ServerGate;
}

function createSession(deps: ServiceDeps, { keychain, gate, gateway, problems, recorder, logins, uploads }: SessionNeeds): SessionRunner {
  const { config, clock, random, log, newId } = deps;
  return new SessionRunner({
    gateway,
    store:
      config.credentialStore === 'keychain'
        ? new KeychainCredentialStore({
            keychain,
            forgottenFile: dataPaths(config.dataDirectory).sessionForgotten,
            ...(deps.isDefaultDirectory ? { formerKeychain: deps.keychain } : {}),
          })
        : new MemoryCredentialStore(),
    clock,
    random,
    log: log.child('session'),
    newId,
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
      releaseLogin: (login, servers) => logins.released({ login, servers }, uploads),
    },
  });
}

export function isBusy(recorder: Recorder): boolean {
  const { status } = recorder.state();
  return status !== 'idle' && status !== 'failed';
}
