import { holdingTimers, type Timers } from '../lib/clock';
import { endsWithin } from '../lib/deadline';
import type { Logger } from '../lib/logger';
import type { Recorder } from '../recorder/recorder-runner';
import type { SessionRunner } from '../session/session-runner';
import { omitUndefined } from '../shared/omit-undefined';
import type { ProblemReporter } from '../shared/problems';
import type { UploadQueue } from '../upload/upload-queue';
import type { HistoryTotals } from './history';
import type { ScreenRecordingService } from './ports';
import { createServiceParts, isBusy, type ServiceDeps, type ServiceParts } from './service-parts';
import { createTransitionLog } from './transition-log';
import { warmWhileSignedIn } from './warm-while-signed-in';

/** The service and its parts, for the host that starts and stops them. */
export interface ComposedService {
  readonly service: ScreenRecordingService;
  readonly problems: ProblemReporter;
  readonly session: SessionRunner;
  readonly recorder: Recorder;
  readonly uploads: UploadQueue;
  /** What has become of recordings since the start. */
  totals(): HistoryTotals;
  /** From the start command until the last segment is an upload job. */
  isRecording(): boolean;
  /** Settings that are read at once changed: what was decided by them is decided anew. */
  settingsChanged(): void;
  /** Makes a new snapshot, after something the host owns changed (its endpoints). */
  refresh(): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const BROKEN_OFF = 'The program ended before the recording did: what came last may be missing.';
/** What a keychain that works needs, with some to spare. */
const START_PATIENCE_MS = 1000;

/** Ties session, recorder, spool and uploads together: one state, one writer, plain snapshots. */
export function createService(deps: ServiceDeps): ComposedService {
  const parts = createServiceParts(deps);
  wire(parts, deps.log);
  const { problems, session, recorder, spool, uploads, snapshots } = parts;
  return {
    service: serviceOf(parts),
    problems,
    session,
    recorder,
    uploads,
    totals: () => parts.history.totals,
    isRecording: () => isBusy(recorder),
    settingsChanged: () => {
      void spool.lookAtRoom();
      uploads.lookAgain();
    },
    refresh: () => snapshots.refresh(),
    start: () => start(parts, deps),
    stop: () => stop(parts),
  };
}

/** Who listens to whom. */
function wire({ problems, history, spool, logins, uploads, recorder, session, snapshots }: ServiceParts, log: Logger): void {
  const refresh = (): void => snapshots.refresh();

  problems.onChange(refresh);
  history.onChange(refresh);
  snapshots.onChange(createTransitionLog(log));

  spool.onJob(({ recordingId, userName }) => history.add({ event: 'recorded', recordingId, userName }));
  spool.onJob((job) => uploads.add(job));
  spool.onDamaged(() => uploads.lookAgain());
  spool.onBrokenOff(({ recordingId, startTime, agent }) => {
    history.add({ event: 'failed', recordingId, userName: agent.userName, reason: BROKEN_OFF, code: 'brokenOff' });
    void session.report({ recordingId, state: 'Failed', reason: BROKEN_OFF, code: 'brokenOff', startTime }, agent.servers);
  });

  uploads.onUploaded(({ recordingId, userName, size }) => history.add({ event: 'uploaded', recordingId, userName }, size));
  uploads.onFailed(({ recordingId, userName }, { reason, code }) => history.add({ event: 'failed', recordingId, userName, reason, code }));
  uploads.onState(() => logins.dropIdle(uploads));
  uploads.onState(refresh);
  logins.onReport((report, recordedFor) => void session.report(report, recordedFor));

  session.onCommand((command, agent) => recorder.handle(command, agent));
  session.onState(refresh);
  session.onState(warmWhileSignedIn(recorder, session, log));

  recorder.onState(refresh);
  recorder.onReport(({ state, recordingId, reason, code }, { userName }) => {
    if (state === 'Failed') history.add({ event: 'failed', recordingId, userName, ...omitUndefined({ reason, code }) });
  });
  recorder.onReport((report, { servers }) => void session.report(report, servers));
}

function serviceOf({ session, problems, gateway, uploads, snapshots }: ServiceParts): ScreenRecordingService {
  return {
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
    snapshot: () => snapshots.current,
    onChange: (listener) => snapshots.onChange(listener),
  };
}

async function start({ spool, uploads, recorder, session }: ServiceParts, deps: ServiceDeps): Promise<void> {
  const { log, startTimers = holdingTimers } = deps;
  await spool.start();
  await uploads.start();
  await withinPatience(startTimers, recorder.start(), (error) => log.error('recordings of an earlier run were not finished', { error }));
  await withinPatience(startTimers, session.start(), (error) => log.error('the stored session could not be looked for', { error }));
}

async function stop({ recorder, uploads, session, logins, spool }: ServiceParts): Promise<void> {
  await recorder.stop();
  // Before the session's login goes: an upload that is broken off on purpose is no failed try. Its reports wait in the session.
  await uploads.stop();
  await session.stop();
  logins.clear();
  await spool.stop();
}

/** Work that may have to wait for the keychain goes on behind a start that does not. */
async function withinPatience(timers: Timers, task: Promise<void>, onError: (error: unknown) => void): Promise<void> {
  await endsWithin(timers, START_PATIENCE_MS, task.catch(onError));
}
