import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rwsSchema, uploadSchema, type RwsConfiguration } from '../../src/config/schema';
import { SystemClock, type Clock } from '../../src/lib/clock';
import { silentLogger } from '../../src/lib/logger';
import { Secret } from '../../src/lib/secret';
import { createRwsGateway } from '../../src/rws/create-rws-gateway';
import type { RwsLogin } from '../../src/rws/ports';
import { createSimulator, type Simulator } from '../../src/simulator/create-simulator';
import type { ReceivedRecording } from '../../src/simulator/media-store';
import type { SimulatorOptions } from '../../src/simulator/options';
import type { JobStore } from '../../src/spool/ports';
import { UploadQueue, type UploadQueueDeps } from '../../src/upload/upload-queue';
import { FakeJobStore } from '../fakes/fake-job-store';
import { FakeProblems } from '../fakes/fake-problems';
import { FakeUploadLogins } from '../fakes/fake-upload-logins';

/** A simulator, real logins to it, and queues that carry jobs there. */
export interface UploadRig {
  readonly simulator: Simulator;
  readonly server: string;
  readonly storage: string;
  readonly logins: FakeUploadLogins;
  readonly jobs: FakeJobStore;
  readonly problems: FakeProblems;
  readonly uploaded: string[];
  readonly failed: { readonly mediaId: string; readonly reason: string }[];
  /** A real login of one of the accounts ann, ben; `server` when a proxy stands in front. */
  login(userName: string, server?: string): Promise<RwsLogin>;
  /** Signs in and lets the queue use it. */
  signIn(userName: string, server?: string): Promise<RwsLogin>;
  createQueue(deps?: Partial<UploadQueueDeps>): UploadQueue;
  received(): readonly ReceivedRecording[];
  /** Resolves when nothing is under way any more, on disk either. */
  stopQueues(): Promise<void>;
  dispose(): Promise<void>;
}

export interface UploadRigOptions {
  readonly simulator?: Partial<SimulatorOptions>;
  readonly rws?: Partial<RwsConfiguration>;
  readonly jobs?: JobStore;
  /** Of the way to RWS; the queues have the system's unless they are given one. */
  readonly clock?: Clock;
}

const ACCOUNTS = ['ann', 'ben'].map((userName) => ({ userName, password: 'secret', contactCenterId: 'cc-1' }));

export async function createUploadRig(options: UploadRigOptions = {}): Promise<UploadRig> {
  const storage = await mkdtemp(join(tmpdir(), 'srs-storage-'));
  const simulator = createSimulator({ accounts: ACCOUNTS, storage, ...options.simulator });
  const { server } = await simulator.start();
  const config = rwsSchema.parse({ timeoutSeconds: 5, ...options.rws });
  const clock = new SystemClock();
  const gateway = createRwsGateway({
    config,
    trigger: 'command',
    clientVersion: '8.5.100.00',
    clock: options.clock ?? clock,
    random: Math.random,
    log: silentLogger,
  });
  const logins = new FakeUploadLogins();
  const jobs = new FakeJobStore();
  const problems = new FakeProblems();
  const uploaded: string[] = [];
  const failed: { mediaId: string; reason: string }[] = [];
  const opened: RwsLogin[] = [];
  const queues: UploadQueue[] = [];

  const login = async (userName: string, at = server): Promise<RwsLogin> => {
    const signedIn = await gateway.signIn(at, { userName, password: new Secret('secret') }, AbortSignal.timeout(10_000));
    opened.push(signedIn);
    return signedIn;
  };

  const stopQueues = async (): Promise<void> => {
    for (const queue of queues) await queue.stop();
  };

  return {
    simulator,
    server,
    storage,
    logins,
    jobs,
    problems,
    uploaded,
    failed,
    login,
    async signIn(userName, at) {
      const signedIn = await login(userName, at);
      logins.signIn({ userName, http: signedIn.http, contactCenterId: signedIn.user.contactCenterId ?? 'cc-1' });
      return signedIn;
    },
    createQueue(deps = {}) {
      const queue = new UploadQueue({
        jobs: options.jobs ?? jobs,
        logins,
        config: uploadSchema.parse({}),
        retention: { retentionDays: 0 },
        rws: config,
        clock,
        random: () => 0.01, // Back-off of some milliseconds instead of seconds.
        log: silentLogger,
        problems,
        ...deps,
      });
      queue.onUploaded(({ mediaId }) => uploaded.push(mediaId));
      queue.onFailed(({ mediaId }, { reason }) => failed.push({ mediaId, reason }));
      queues.push(queue);
      return queue;
    },
    received: () => simulator.control.recordings(),
    stopQueues,
    async dispose() {
      await stopQueues();
      for (const signedIn of opened) signedIn.discard();
      await simulator.stop();
      await rm(storage, { recursive: true, force: true });
    },
  };
}
