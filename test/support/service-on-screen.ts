import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '../../src/shared/snapshot';
import { createSimulator, type Simulator } from '../../src/simulator/create-simulator';
import { basic, sendRequest } from './http-request';
import { PaintedScreen } from './painted-screen';
import { startSrs, type SrsProcess } from './srs-process';
import { until } from './until';

const ANN = { userName: 'ann', password: 'ann-secret' };
const ORIGIN = 'https://desktop.example';

export interface ServiceOptions {
  readonly spool?: Readonly<Record<string, unknown>>;
  readonly recording?: Readonly<Record<string, unknown>>;
  readonly https?: Readonly<Record<string, unknown>>;
  /** Below the service's own folder. */
  readonly dataDirectory?: string;
}

/** The headless service as built, on a real screen, with a real RWS; it can be killed and started again. */
export class ServiceOnScreen {
  readonly directory: string;
  readonly dataDirectory: string;
  readonly screen: PaintedScreen;
  readonly simulator: Simulator;
  /** RWS's origin. */
  readonly server: string;
  #srs: SrsProcess | undefined;
  #address = '';

  private constructor(
    directory: string,
    dataDirectory: string,
    screen: PaintedScreen,
    { simulator, server }: { readonly simulator: Simulator; readonly server: string },
  ) {
    this.directory = directory;
    this.dataDirectory = join(directory, dataDirectory);
    this.screen = screen;
    this.simulator = simulator;
    this.server = server;
  }

  static async create({
    spool = {},
    recording = {},
    https = { enabled: false },
    dataDirectory = 'data',
  }: ServiceOptions = {}): Promise<ServiceOnScreen> {
    const directory = await mkdtemp(join(tmpdir(), 'srs-service-on-screen-'));
    const simulator = createSimulator({ accounts: [ANN], storage: join(directory, 'storage'), pagesDirectory: directory });
    const { server } = await simulator.start();
    const service = new ServiceOnScreen(directory, dataDirectory, await PaintedScreen.start(), { simulator, server });
    await writeFile(
      join(directory, 'config.json'),
      JSON.stringify({
        server,
        allowedOrigins: [ORIGIN],
        http: { port: 0 },
        https,
        dataDirectory: service.dataDirectory,
        spool: { minFreeMegabytes: 1, ...spool },
        recording,
      }),
    );
    return service;
  }

  get address(): string {
    return this.#address;
  }

  /** What the agent's desktop sends with every request. */
  readonly headers = { Authorization: basic(ANN.userName, ANN.password), Origin: ORIGIN };

  get pid(): number {
    return this.#srs?.pid ?? 0;
  }

  /** Starts the service and signs the agent in. */
  async start(via: readonly string[] = []): Promise<void> {
    // No session bus: the keychain cannot be reached, whatever the machine offers.
    const env = { DISPLAY: this.screen.display, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
    this.#srs = startSrs(['run', '--headless', '--config', join(this.directory, 'config.json')], env, via);
    [, this.#address = ''] = await this.#srs.waitFor(/^listening (http:\S+)$/m);
    await this.logIn();
    await until('the agent to listen at RWS', () => this.simulator.control.agents().some(({ isListening }) => isListening));
  }

  async logIn(): Promise<void> {
    const answer = await sendRequest(this.#address, { path: '/api/v2/me', headers: this.headers });
    if (answer.status !== 200) throw new Error(`the login was answered with ${answer.status}: ${answer.text}`);
  }

  async record(recordingId: string): Promise<void> {
    this.simulator.control.startRecording(ANN.userName, { recordingId });
    await until('the recording to run', () => this.reports(recordingId).some(({ state }) => state === 'Recording'));
  }

  stopRecording(recordingId: string): void {
    this.simulator.control.stopRecording(ANN.userName, recordingId);
  }

  reports(recordingId: string) {
    return this.simulator.control.reports().filter((report) => report.recordingId === recordingId);
  }

  async snapshot(): Promise<Snapshot> {
    const token = await readFile(join(this.seenBy(this.dataDirectory), 'status-token'), 'utf8');
    const answer = await sendRequest(this.#address, { path: '/status', headers: { Authorization: `Bearer ${token.trim()}` } });
    return answer.json as Snapshot;
  }

  /** A path as the service sees it, which may have mounts of its own. */
  seenBy(path: string): string {
    return `/proc/${this.pid}/root${path}`;
  }

  async stop(): Promise<number | null | undefined> {
    return this.#srs?.stop();
  }

  async kill(): Promise<void> {
    await this.#srs?.kill();
  }

  async dispose(): Promise<void> {
    await this.#srs?.stop(); // so that nothing of its browser stays behind
    await this.simulator.stop();
    await this.screen.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
