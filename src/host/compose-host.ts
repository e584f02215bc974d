import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { dataPaths } from '../config/data-paths';
import { createApiServer, type ApiServer } from '../api/api-server';
import type { MetricsPage } from '../api/ports';
import { createTlsMaterial } from '../certificate/tls-material';
import { defaultDataDirectory } from '../config/platform-paths';
import { holdingTimers, SystemClock, type Clock } from '../lib/clock';
import { endsWithin } from '../lib/deadline';
import { FrontSession, type LookAtSession } from '../lib/front-session';
import { lookAtLogind } from '../lib/logind';
import { lookAtWindows } from '../lib/windows-front-session';
import { NativeWindowsSessions } from '../lib/windows-sessions';
import type { Logger } from '../lib/logger';
import type { ScreenCapture } from '../screen/ports';
import { packageVersion } from '../lib/package-version';
import { SideFiles } from '../lib/side-files';
import { logUnsyncedFolder } from '../lib/sync-folder';
import { systemConnectionOwners } from '../lib/system-connection-owners';
import { createService, type ComposedService } from '../service/create-service';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import { describeError } from '../shared/errors';
import { omitUndefined } from '../shared/omit-undefined';
import { ConfigurationFollower } from './configuration-follower';
import { EndpointsFile } from './endpoints-file';
import type { Host, HostDeps, PowerEvents } from './host';
import { tellUnusedSettings } from './unused-settings';
import { PatientApi } from './patient-api';
import { StatusFile } from './status-file';

/** A login item's shutdown grace on the three systems is 5 s and more; a running recording is finished within it. */
const STOP_DEADLINE_MS = 15_000;

/** The composition root that both hosts share: everything but the capture and what a person sees. */
export function composeHost(deps: HostDeps): Host {
  const { config, log, keychain } = deps;
  const paths = dataPaths(config.dataDirectory);
  const clock = new SystemClock();
  let endpoints: readonly string[] = [];

  // 1. The service
  const composed = createService({
    config,
    capture: deps.capture,
    keychain,
    clock,
    random: Math.random,
    newId: randomUUID,
    log,
    packageVersion,
    isDemo: deps.isDemo,
    endpoints: () => endpoints,
    isDefaultDirectory:
      config.dataDirectory === defaultDataDirectory({ platform: process.platform, env: process.env, homeDirectory: homedir() }),
    claimDirectory: () => deps.directory.hold(),
    systemProxy: deps.systemProxy,
    remuxWorker: join(__dirname, 'remux-worker.js'),
  });

  const sideFiles = new SideFiles({ clock, log: log.child('files'), problems: composed.problems });
  const endpointsFile = new EndpointsFile(config.dataDirectory);
  const publishEndpoints = (): Promise<void> => sideFiles.keep('endpoints.json', () => endpointsFile.write(endpoints));

  const statusFile = new StatusFile({ dataDirectory: config.dataDirectory, clock, sideFiles, source: composed.service });
  let metrics: MetricsPage | undefined;

  // 2. The certificate of the https endpoint
  const tls = config.https.enabled
    ? createTlsMaterial({
        directory: paths.certificate,
        settings: config.https,
        keychain,
        clock,
        log: log.child('certificate'),
        problems: composed.problems,
        sideFiles,
      })
    : undefined;

  // 3. The local API
  const createServer = (): ApiServer =>
    createApiServer({
      service: composed.service,
      settings: config,
      version: composed.service.snapshot().version,
      problems: composed.problems,
      statusTokenFile: paths.statusToken,
      ...omitUndefined({ tls, metrics }),
      sideFiles,
      onAddress: (address) => void showEndpoints([...endpoints, address]).then(() => listening.emit([address])),
      owners: systemConnectionOwners(),
      clock,
      log: log.child('api'),
    });
  const listening = new Emitter<readonly string[]>();
  const showEndpoints = async (addresses: readonly string[]): Promise<void> => {
    endpoints = addresses;
    await publishEndpoints();
    composed.refresh();
    log.info('listening', { endpoints });
  };
  const onListening = async (addresses: readonly string[]): Promise<void> => {
    await showEndpoints(addresses);
    listening.emit(endpoints);
  };
  // 4. Who sits in front
  const front = new FrontSession({ look: deps.lookAtSession ?? lookOfSystem(), timers: clock, log: log.child('front') });
  const onReleased = (): Promise<void> => showEndpoints([]);
  const api = new PatientApi({ createServer, onListening, onReleased, front, clock, problems: composed.problems });

  // 5. Changes of the configuration
  const follow = (): Unsubscribe => followConfiguration(deps, composed, clock);

  const undo: Unsubscribe[] = [];
  let starting: Promise<readonly string[]> | undefined;
  let stopping: Promise<void> | undefined;

  const start = async (): Promise<readonly string[]> => {
    undo.push(logUnsyncedFolder(log.child('files')));
    tellUnusedSettings(config, log.child('configuration'), composed.problems);
    undo.push(follow());
    if (!config.enabled) {
      composed.problems.raise('switchedOff', {});
      await statusFile.start();
      return [];
    }
    await front.start();
    undo.push(() => front.stop(), endSessionsInBackground(composed, front, log), tellLocks(composed, front));
    await composed.start();
    if (config.http.metrics) metrics = await loadMetrics(composed, deps.capture, clock);
    // Not waited for: what it cannot have at once is added later.
    void tls?.start();
    // So that the command line knows that it runs, also while it cannot listen.
    await publishEndpoints();
    await statusFile.start();
    return api.start();
  };

  const stop = async (): Promise<void> => {
    for (const [name, part] of [
      ['api', api],
      ['service', composed],
      ['certificate', tls],
      ['keychain', keychain],
    ] as const) {
      await part?.stop()?.catch((error: unknown) => log.error('a part did not stop cleanly', { part: name, reason: describeError(error) }));
    }
    endpoints = [];
    await statusFile.stop().catch((error: unknown) => log.warn('a file could not be removed', { reason: describeError(error) }));
    sideFiles.stop();
    await endpointsFile.remove().catch((error: unknown) => log.warn('a file could not be removed', { reason: describeError(error) }));
    for (const undoOne of undo.splice(0)) undoOne();
    log.info('stopped');
  };

  return {
    service: composed.service,
    problems: composed.problems,
    power: powerEvents(composed, front),
    start: () => (starting ??= start()),
    onListening: (listener) => listening.subscribe(listener),
    stop: () =>
      (stopping ??= endsWithin(holdingTimers, STOP_DEADLINE_MS, stop()).then((isInTime) => {
        if (!isInTime) log.error('stopping took too long: giving up', { seconds: STOP_DEADLINE_MS / 1000 });
      })),
  };
}

function followConfiguration({ live, log }: HostDeps, composed: ComposedService, clock: Clock): Unsubscribe {
  if (live === undefined) return () => undefined;
  const { problems, recorder } = composed;
  const isRecording = (): boolean => composed.isRecording();
  const follower = new ConfigurationFollower({ live, clock, log: log.child('configuration'), problems, isRecording });
  follower.start();
  const undo = [
    live.onChange(() => composed.settingsChanged()),
    recorder.onState(() => isRecording() || follower.recordingEnded()),
    () => follower.stop(),
  ];
  return () => undo.forEach((step) => step());
}

/** Loaded only where it is wanted: its library takes 8 % of the CPU time of a start. */
async function loadMetrics({ service, totals }: ComposedService, capture: ScreenCapture, clock: SystemClock): Promise<MetricsPage> {
  const { createMetrics } = await import('./metrics');
  return createMetrics({
    snapshot: () => service.snapshot(),
    totals: () => totals(),
    framesEncoded: () => capture.framesEncoded?.() ?? 0,
    now: () => clock.now(),
  });
}

function lookOfSystem(): LookAtSession | undefined {
  if (process.platform === 'win32') return lookAtWindows({ system: new NativeWindowsSessions(), processId: process.pid });
  const uid = process.getuid?.();
  return process.platform === 'linux' && uid !== undefined ? lookAtLogind({ env: process.env, uid }) : undefined;
}

/** Also one that is opened there: a login that was under way, a stored session that is resumed. Ending it finishes its recording. */
function endSessionsInBackground({ service, session }: ComposedService, front: FrontSession, log: Logger): Unsubscribe {
  const settle = (): void => {
    const current = front.isInFront ? undefined : service.current();
    if (current === undefined) return;
    service.logout(current.sessionId).catch((error: unknown) => log.error('the session in the background was not ended', { error }));
  };
  const undo = [front.onChange(settle), session.onState(settle)];
  return () => undo.forEach((step) => step());
}

/** A screen that is locked by a session of its own, of which the system sends no event. */
function tellLocks({ recorder }: ComposedService, front: FrontSession): Unsubscribe {
  return front.onLock((isLocked) => (isLocked ? recorder.locked() : recorder.unlocked()));
}

function powerEvents({ session, recorder, uploads }: ComposedService, front: FrontSession): PowerEvents {
  return {
    inFront: (isInFront) => front.set(isInFront ? 'front' : 'background'),
    suspended: () => {
      recorder.suspended();
      uploads.suspended();
      session.suspended();
    },
    resumed: () => {
      session.resumed();
      uploads.resumed();
      recorder.resumed();
    },
    locked: () => recorder.locked(),
    unlocked: () => recorder.unlocked(),
    networkChanged: () => session.networkChanged(),
    displaysChanged: () => recorder.displaysChanged(),
  };
}
