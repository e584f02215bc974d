import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import type { SimulatorAddresses } from '../../../src/simulator/options';
import type { Snapshot } from '../../../src/shared/snapshot';
import { fromRwsTime } from '../../../src/shared/rws-time';
import type { Account } from '../accounts';
import { wrongFrames, type Painted } from '../frame-check';
import { recordedFrames, type RecordedFrame } from '../recorded-frames';
import { sendRequest } from '../http-request';
import { BLUE, GREEN, PaintedScreen, RED } from '../painted-screen';
import { until } from '../until';
import { startAgentBrowser } from './agent-browser';
import { InstalledProgram, type RunningProgram } from './installed-program';
import { LinuxDesktop } from './linux-desktop';

const [WIDTH, HEIGHT] = [1280, 720];
const COLUMNS = 2;
export const ANN = { userName: 'ann', password: 'planted-Pä55word', firstName: 'Ann', lastName: 'Example' };

/** A media file that RWS has. */
export interface ReceivedVideo {
  readonly file: string;
  readonly startTime: number;
  /** At epoch milliseconds, with the colours of the picture's left and right half. */
  readonly frames: readonly RecordedFrame[];
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** An agent's place with nothing pretended: desktop, browser, the installed program, and an RWS. Knows what was on the screen when. */
export class AgentDesk {
  readonly desktop: LinuxDesktop;
  readonly simulator: Simulator;
  readonly addresses: SimulatorAddresses;
  readonly painted: Painted[] = [];
  readonly #directory: string;
  readonly #screen: PaintedScreen;
  readonly #installed: InstalledProgram;
  #browser: BrowserContext | undefined;
  /** The agent desktop's page. */
  #page: Page | undefined;
  #program: RunningProgram | undefined;

  private constructor(
    parts: { directory: string; desktop: LinuxDesktop; simulator: Simulator; screen: PaintedScreen; installed: InstalledProgram },
    addresses: SimulatorAddresses,
  ) {
    this.desktop = parts.desktop;
    this.simulator = parts.simulator;
    this.addresses = addresses;
    this.#directory = parts.directory;
    this.#screen = parts.screen;
    this.#installed = parts.installed;
  }

  /** @param monitors two: each one half of the screen */
  static async create({ account, monitors }: { readonly account: Account; readonly monitors: 1 | 2 }): Promise<AgentDesk> {
    const directory = await mkdtemp(join(tmpdir(), 'srs-agent-desk-'));
    const desktop = await LinuxDesktop.start({ account, size: `${WIDTH}x${HEIGHT}` });
    const screen = await PaintedScreen.on(desktop.display);
    if (monitors === 2) await screen.split(WIDTH, HEIGHT);
    const simulator = createSimulator({
      accounts: [ANN],
      storage: join(directory, 'storage'),
      pagesDirectory: resolve(__dirname, '../../../dist/simulator'),
    });
    const addresses = await simulator.start();
    const desk = new AgentDesk({ directory, desktop, screen, simulator, installed: await InstalledProgram.install() }, addresses);
    await desk.paint(RED, RED);
    return desk;
  }

  get program(): RunningProgram {
    if (this.#program === undefined) throw new Error('the program was not started');
    return this.#program;
  }

  /** The program, with the notice about a recording switched on. @param settings besides those that a desk needs */
  async start(settings: object = {}): Promise<void> {
    this.#program = await this.#installed.start(this.desktop, {
      server: this.addresses.server,
      allowedOrigins: [this.addresses.desktop],
      http: { port: 0 },
      https: { enabled: false },
      spool: { minFreeMegabytes: 1 },
      notifyRecording: true,
      ...settings,
    });
    this.simulator.setSrsUrl(this.#program.address);
  }

  /** The agent logs in at the agent desktop's page. */
  async logIn(): Promise<void> {
    await this.#browser?.close();
    this.#browser = await startAgentBrowser(this.desktop);
    const page = await this.#browser.newPage();
    this.#page = page;
    await page.goto(`${this.addresses.desktop}/`);
    await page.getByLabel('User name').fill(ANN.userName);
    await page.getByLabel('Password').fill(ANN.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await until('the page to show the login', async () => /signed in/i.test((await page.locator('#state').textContent()) ?? ''));
    await this.isListening();
  }

  /** Does nothing when the agent is logged out already. */
  async logOut(): Promise<void> {
    const button = this.#page?.getByRole('button', { name: 'Log out' });
    if (await button?.isEnabled()) await button?.click();
    await until('RWS to have no session', () => this.simulator.control.agents().length === 0);
  }

  isListening(): Promise<unknown> {
    return until('the agent to listen at RWS', () => this.simulator.control.agents().some(({ isListening }) => isListening), 30_000);
  }

  async startRecording(recordingId: string): Promise<void> {
    this.simulator.control.startRecording(ANN.userName, { recordingId });
    await until('RWS to hear that it records', () => this.states(recordingId).includes('Recording'));
  }

  /** Resolves when RWS has all of it. */
  async stopRecording(recordingId: string): Promise<void> {
    this.simulator.control.stopRecording(ANN.userName, recordingId);
    await this.isUploaded(recordingId);
  }

  async isUploaded(recordingId: string): Promise<void> {
    await until('RWS to have the recording', () => this.states(recordingId).includes('Uploaded'), 30_000);
  }

  /** What RWS was told of a recording. */
  states(recordingId: string): readonly string[] {
    const reports = this.simulator.control.reports().filter((report) => report.recordingId === recordingId);
    return reports.map(({ state }) => state);
  }

  async paint(left: number, right: number): Promise<void> {
    const half = { y: 0, width: WIDTH / 2, height: HEIGHT };
    await this.#screen.paint(left, { ...half, x: 0 });
    this.painted.push({ at: await this.#screen.paint(right, { ...half, x: WIDTH / 2 }), colours: [left, right] });
  }

  /** Another picture every two seconds, in which no half tells the other. */
  async paintForSeconds(seconds: number): Promise<void> {
    const end = Date.now() + seconds * 1000;
    for (let turn = 0; Date.now() < end; turn += 1) {
      await this.paint([GREEN, BLUE, RED][turn % 3]!, [BLUE, RED, RED, GREEN][turn % 4]!);
      const next = Date.now() + 2000;
      await until('the next picture', () => Date.now() >= Math.min(next, end));
    }
  }

  /** What RWS has of a recording, in the order of its beginning. */
  async videos(recordingId: string): Promise<readonly ReceivedVideo[]> {
    const received = this.simulator.control.recordings().filter((recording) => recording.recordingId === recordingId);
    const videos = await Promise.all(
      received.map(async ({ mediaId, metadata }) => {
        const { mediaFiles } = metadata as { mediaFiles: { startTime: string; parameters: Record<string, unknown> }[] };
        const file = this.simulator.control.mediaPath(mediaId) ?? '';
        const startTime = fromRwsTime(mediaFiles[0]?.startTime ?? '') ?? 0;
        const frames = (await recordedFrames(file, COLUMNS)).map(({ at, colours }) => ({ at: startTime + at * 1000, colours }));
        return { file, startTime, frames, parameters: mediaFiles[0]?.parameters ?? {} };
      }),
    );
    return videos.sort((a, b) => a.startTime - b.startTime);
  }

  /** The frames of those videos that show what was not on the screen at their time. */
  wrongFrames(videos: readonly ReceivedVideo[]): readonly RecordedFrame[] {
    return videos.flatMap(({ frames }) => wrongFrames(frames, this.painted));
  }

  async snapshot(): Promise<Snapshot> {
    const token = await readFile(join(this.desktop.home, 'data/screen-recording-service/status-token'), 'utf8');
    const answer = await sendRequest(this.program.address, { path: '/status', headers: { Authorization: `Bearer ${token.trim()}` } });
    return answer.json as Snapshot;
  }

  async dispose(): Promise<void> {
    await this.#browser?.close();
    await this.#program?.stop();
    await this.simulator.stop();
    await this.#screen.stop();
    await this.desktop.stop();
    await this.#installed.remove();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
