import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { basic, sendRequest } from '../support/http-request';
import { probeMedia } from '../support/media-file';
import { startSrs, type SrsProcess } from '../support/srs-process';
import { until } from '../support/until';

/** The status window's heading while it records (`renderer/index.css`). */
const RECORDING_RED = [200, 30, 30] as const;
const TOLERANCE = 24;
const HEADING_PIXELS = 10_000;
/** More than the head of a slice file, less than its first slice. */
const HEAD_BYTES = 4_000;

/** `npm start` where there is no display, without its setting up and building. */
class Demo {
  readonly directory: string;
  readonly process: SrsProcess;
  readonly #control: string;
  readonly #srs: string;
  readonly #origin: string;

  private constructor(directory: string, process: SrsProcess, [control, origin, srs]: readonly [string, string, string]) {
    this.directory = directory;
    this.process = process;
    this.#control = control;
    this.#origin = origin;
    this.#srs = srs;
  }

  static async start(): Promise<Demo> {
    const directory = await mkdtemp(join(tmpdir(), 'srs-demo-'));
    const environment = { DISPLAY: undefined, WAYLAND_DISPLAY: undefined, SRS_CREDENTIAL_STORE: 'memory' };
    const process = startSrs(['demo', '--directory', directory], environment);
    await process.waitFor(/Ctrl\+C ends the demo/);
    const [, control = ''] = await process.waitFor(/control page\s+(http:\S+)\/ /);
    const [, origin = '', srs = ''] = await process.waitFor(/-H 'Origin: (\S+)' (http:\S+)\/api\/v2\/me/);
    return new Demo(directory, process, [control, origin, srs]);
  }

  async stop(): Promise<void> {
    await this.process.stop(); // not a kill: the application is a process of its own
    await rm(this.directory, { recursive: true, force: true });
  }

  async logIn(): Promise<void> {
    const headers = { Authorization: basic('demo', 'demo'), Origin: this.#origin };
    expect((await sendRequest(this.#srs, { path: '/api/v2/me', headers })).status).toBe(200);
  }

  /** Resolves when the status window on the screen says that it records. */
  async record(): Promise<void> {
    await until('the command to be heard', async () => (await this.command('/start')) === 200);
    await until('the window to say so', async () => (await this.redPixels()) > HEADING_PIXELS);
    // What the page has not handed over yet ends with its process.
    await until('video on disk', async () => (await this.#spooledBytes()) > HEAD_BYTES);
  }

  async #spooledBytes(): Promise<number> {
    const folder = join(this.directory, 'data/spool/recordings');
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.slices'));
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async command(path: string): Promise<number> {
    const headers = { 'Content-Type': 'application/json' };
    const { status } = await sendRequest(this.#control, { method: 'POST', path, headers, body: JSON.stringify({ userName: 'demo' }) });
    return status;
  }

  /** On the screen that the control page shows. */
  async redPixels(): Promise<number> {
    const answer = await fetch(`${this.#control}/screen.png`);
    expect(answer.headers.get('content-type')).toBe('image/png');
    const pixels = decode(Buffer.from(await answer.arrayBuffer()));
    expect(pixels).toHaveLength(1280 * 720 * 3);
    let count = 0;
    for (let at = 0; at < pixels.length; at += 3) {
      if (RECORDING_RED.every((value, channel) => Math.abs(pixels[at + channel]! - value) <= TOLERANCE)) count += 1;
    }
    return count;
  }

  async received(): Promise<readonly string[]> {
    const folder = join(this.directory, 'recordings');
    return (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.mp4')).map((file) => join(folder, file));
  }

  async waiting(): Promise<readonly string[]> {
    return (await readdir(join(this.directory, 'data/spool/jobs'))).filter((file) => file.endsWith('.media'));
  }

  async applicationPid(): Promise<number> {
    const { pid } = JSON.parse(await readFile(join(this.directory, 'data/endpoints.json'), 'utf8')) as { pid: number };
    return pid;
  }
}

function decode(png: Buffer): Buffer {
  const args = ['-v', 'error', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  return execFileSync('ffmpeg', args, { input: png, maxBuffer: 2 ** 26 });
}

let demo: Demo;
beforeEach(async () => {
  demo = await Demo.start();
});
afterEach(() => demo?.stop());

it('shows on the control page the screen that is recorded, and refuses a second demo in the same folder', async () => {
  expect(await demo.redPixels()).toBeLessThan(HEADING_PIXELS / 10);
  await demo.logIn();
  await demo.record();
  await demo.command('/stop');
  await demo.process.waitFor(/recording received: .+\.mp4/);

  const second = startSrs(['demo', '--directory', demo.directory]);
  expect(await second.exited).toBe(1);
  expect(second.stderr()).toContain(`A demo already runs in ${demo.directory}`);
});

it.each<[string, () => Promise<void>]>([
  ['Ctrl+C', async () => void process.kill(demo.process.pid, 'SIGINT')],
  ['SIGTERM', async () => void process.kill(demo.process.pid, 'SIGTERM')],
  ['closing the terminal', async () => void process.kill(demo.process.pid, 'SIGHUP')],
  ['SIGINT to the application', async () => void process.kill(await demo.applicationPid(), 'SIGINT')],
  ['SIGHUP to the application', async () => void process.kill(await demo.applicationPid(), 'SIGHUP')],
  // What systemd does at the end of a session.
  ['SIGTERM to every process of the application', async () => void process.kill(-(await demo.applicationPid()), 'SIGTERM')],
])('%s finishes a running recording and leaves nothing behind', async (_name, end) => {
  await demo.logIn();
  await demo.record();
  await end();
  expect(await demo.process.exited).toBe(0);
  // Uploaded, or finished and waiting for the next start; both, when the end came before RWS's answer.
  const received = await demo.received();
  const mediaIds = [...received, ...(await demo.waiting())].map((file) => parse(file).name);
  expect(new Set(mediaIds).size).toBe(1);
  for (const video of received) expect((await probeMedia(video)).duration).toBeGreaterThan(0);
  expect(await readdir(demo.directory)).not.toContainEqual(expect.stringMatching(/^window-manager-/));
});
