import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/load-configuration';
import { SystemClock } from '../../src/lib/clock';
import { silentLogger } from '../../src/lib/logger';
import { Secret } from '../../src/lib/secret';
import { createService, type ComposedService } from '../../src/service/create-service';
import type { SignedInSession } from '../../src/service/ports';
import type { NamedServers } from '../../src/session/server-gate';
import { createSimulator, type Simulator } from '../../src/simulator/create-simulator';
import type { SimulatorAddresses, SimulatorOptions } from '../../src/simulator/options';
import { FakeKeychain } from '../fakes/fake-keychain';
import { MaterialCapture } from '../fakes/material-capture';
import { makeMaterial, slicesOf } from './recorded-material';
import { until } from './until';

export interface RunningSimulator extends SimulatorAddresses {
  readonly simulator: Simulator;
}

export interface TestAccount {
  readonly userName: string;
  readonly password: string;
}

let material: Promise<readonly Uint8Array[]> | undefined;

/** Session, recorder, spool and uploads as one, on real servers and real files, over as many starts as a test likes; only the picture is made beforehand. */
export class ServiceRig {
  readonly directory: string;
  readonly keychain = new FakeKeychain();
  readonly capture: MaterialCapture;
  readonly #running: ComposedService[] = [];
  readonly #simulators: Simulator[] = [];

  private constructor(directory: string, slices: readonly Uint8Array[]) {
    this.directory = directory;
    this.capture = new MaterialCapture(slices);
  }

  static async create(): Promise<ServiceRig> {
    material ??= makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 3 }).then((bytes) => slicesOf(bytes, 4));
    return new ServiceRig(await mkdtemp(join(tmpdir(), 'srs-service-')), await material);
  }

  get dataDirectory(): string {
    return join(this.directory, 'data');
  }

  async startSimulator(accounts: readonly TestAccount[], options: Partial<SimulatorOptions> = {}): Promise<RunningSimulator> {
    const storage = join(this.directory, `storage-${this.#simulators.length}`);
    const simulator = createSimulator({ accounts, storage, pagesDirectory: this.directory, ...options });
    this.#simulators.push(simulator);
    return { simulator, ...(await simulator.start()) };
  }

  /** @param settings as environment variables */
  async start(settings: Readonly<Record<string, string>>): Promise<ComposedService> {
    const config = await loadConfiguration({
      env: { SRS_DATA_DIRECTORY: this.dataDirectory, SRS_SPOOL_MIN_FREE_MEGABYTES: '1', ...settings },
      machineFile: join(this.directory, 'none.json'),
      userFile: join(this.directory, 'none.json'),
    });
    const composed = createService({
      config,
      capture: this.capture,
      keychain: this.keychain,
      clock: new SystemClock(),
      random: Math.random,
      newId: randomUUID,
      log: silentLogger,
      packageVersion: '1.2.3',
      isDemo: false,
      endpoints: () => [],
      claimDirectory: () => Promise.resolve(),
      remuxWorker: join(this.directory, 'none.js'),
    });
    this.#running.push(composed);
    await composed.start();
    return composed;
  }

  signIn({ service }: ComposedService, { userName, password }: TestAccount, named: NamedServers = {}): Promise<SignedInSession> {
    return service.login({ credentials: { userName, password: new Secret(password) }, details: { devices: [] }, ...named });
  }

  async record({ service }: ComposedService, simulator: Simulator, recordingId: string, userName: string): Promise<void> {
    simulator.control.startRecording(userName, { recordingId });
    await until('the recorder to record', () => service.snapshot().recorder.status === 'recording');
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#running.map((service) => service.stop()));
    await Promise.all(this.#simulators.map((simulator) => simulator.stop()));
    await rm(this.directory, { recursive: true, force: true });
  }
}
