import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import type { Snapshot } from '../../../src/shared/snapshot';
import { basic, sendRequest, type TestAnswer } from '../../../test/support/http-request';
import { Keyring } from '../../../test/support/keyring';
import { PaintedScreen } from '../../../test/support/painted-screen';
import { SmallDisk } from '../../../test/support/small-disk';
import { startSrs, type SrsProcess } from '../../../test/support/srs-process';
import { RwsLink } from './rws-link';

export const PASSWORDS: Readonly<Record<string, string>> = { ann: 'kept-from-disk-ann', bob: 'kept-from-disk-bob' };
const ORIGIN = 'https://desktop.example';
const HOST = 'rws.chaos.example';
/** Room for the browser's profile and half a minute of video, and some. */
const DISK_MEGABYTES = 160;

export interface ChaosSettings {
  readonly isRoot: boolean;
  readonly pauseMode: 'black' | 'cut';
  readonly segmentMinutes: number;
}

interface Parts {
  readonly simulator: Simulator;
  readonly screen: PaintedScreen;
  readonly keyring: Keyring;
  readonly disk: SmallDisk;
  readonly link: RwsLink;
}

/** The service as built, headless, between real parts: a screen, Chromium, a keyring, a disk of its own, RWS behind a network. */
export class ChaosWorld {
  readonly directory: string;
  readonly simulator: Simulator;
  readonly screen: PaintedScreen;
  readonly keyring: Keyring;
  readonly disk: SmallDisk;
  readonly link: RwsLink;
  readonly #isRoot: boolean;
  readonly #logs: string[] = [];
  /** When the service ended, in whatever way. */
  readonly ends: number[] = [];
  #ending: Promise<void> | undefined;
  #srs: SrsProcess | undefined;
  #address = '';

  private constructor(directory: string, isRoot: boolean, { simulator, screen, keyring, disk, link }: Parts) {
    this.directory = directory;
    this.#isRoot = isRoot;
    this.simulator = simulator;
    this.screen = screen;
    this.keyring = keyring;
    this.disk = disk;
    this.link = link;
  }

  static async create(settings: ChaosSettings): Promise<ChaosWorld> {
    const directory = await mkdtemp(join(tmpdir(), 'srs-chaos-'));
    const accounts = Object.entries(PASSWORDS).map(([userName, password]) => ({ userName, password }));
    const bayeux = { timeout: 3000, maxInterval: 6000 };
    const simulator = createSimulator({ accounts, storage: join(directory, 'storage'), pagesDirectory: directory, bayeux });
    const { server } = await simulator.start();
    const link = await RwsLink.open(directory, server, settings.isRoot);
    const hosts = join(directory, 'hosts');
    const resolver = join(directory, 'resolv.conf');
    await writeFile(hosts, '');
    await writeFile(resolver, 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
    const inPlaceOf = settings.isRoot ? { '/etc/hosts': hosts, '/etc/resolv.conf': resolver } : {};
    const disk = await SmallDisk.mount(join(directory, 'data'), { megabytes: DISK_MEGABYTES, inPlaceOf });
    const parts = { simulator, link, disk, screen: await PaintedScreen.start(), keyring: await Keyring.start() };
    const world = new ChaosWorld(directory, settings.isRoot, parts);
    await world.nameRws();
    await writeFile(join(directory, 'config.json'), JSON.stringify(world.#configuration(settings)));
    return world;
  }

  #configuration({ pauseMode, segmentMinutes }: ChaosSettings): object {
    const host = this.#isRoot ? HOST : this.link.address;
    return {
      server: `http://${host}:${this.link.port}`,
      allowedOrigins: [ORIGIN],
      http: { port: 0, metrics: true },
      https: { enabled: false },
      dataDirectory: join(this.directory, 'data'),
      spool: { minFreeMegabytes: 1 },
      recording: { pauseMode, segmentMinutes },
      rws: { timeoutSeconds: 3 },
    };
  }

  get pid(): number | undefined {
    return this.#srs?.pid;
  }

  async start(): Promise<void> {
    const home = join(this.directory, 'home');
    await mkdir(home, { recursive: true });
    const own = { DISPLAY: this.screen.display, HOME: home, XDG_CONFIG_HOME: home };
    const srs = startSrs(
      ['run', '--headless', '--config', join(this.directory, 'config.json')],
      { ...this.keyring.environment, ...own },
      this.disk.via,
    );
    this.#srs = srs;
    void srs.exited.then(() => {
      this.#logs.push(srs.stderr());
      this.ends.push(Date.now());
      if (this.#srs === srs) this.#srs = undefined;
    });
    [, this.#address = ''] = await srs.waitFor(/^listening (http:\S+)$/m);
  }

  async stop(): Promise<number | null | undefined> {
    return this.#srs?.stop();
  }

  async kill(): Promise<void> {
    await this.#srs?.kill();
  }

  /** What every start of it has logged. */
  log(): string {
    return [...this.#logs, this.#srs?.stderr() ?? ''].join('');
  }

  /** What the agent's desktop asks. */
  ask(userName: string, path: string, method = 'GET', body?: string): Promise<TestAnswer> {
    const Authorization = basic(userName, PASSWORDS[userName] ?? '');
    const headers = { Authorization, Origin: ORIGIN, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) };
    return sendRequest(this.#address, { method, path, headers, ...(body === undefined ? {} : { body }) });
  }

  async snapshot(): Promise<Snapshot> {
    return (await this.#askAsTool('/status')).json as Snapshot;
  }

  async metrics(): Promise<string> {
    return (await this.#askAsTool('/metrics')).text;
  }

  async #askAsTool(path: string): Promise<TestAnswer> {
    const token = await readFile(this.disk.at('status-token'), 'utf8');
    const answer = await sendRequest(this.#address, { path, headers: { Authorization: `Bearer ${token.trim()}` } });
    if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}: ${answer.text}`);
    return answer;
  }

  async nameRws(): Promise<void> {
    await this.#writeHosts(`${this.link.address} ${HOST}\n`);
  }

  /** Its name is not known, and nobody can be asked. */
  async forgetRws(): Promise<void> {
    await this.#writeHosts('');
  }

  async #writeHosts(more: string): Promise<void> {
    await writeFile(join(this.directory, 'hosts'), `127.0.0.1 localhost\n${more}`);
  }

  /** The folder stays. */
  /** Ends everything it started, and takes down the disk and the network; once, however often it is called. */
  dispose(): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  async #end(): Promise<void> {
    await this.#srs?.kill();
    await this.link.close();
    await this.simulator.stop();
    await this.keyring.stop();
    await this.screen.stop();
    await this.disk.dispose();
  }
}
