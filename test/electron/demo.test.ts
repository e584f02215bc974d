import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basic, sendRequest } from '../support/http-request';
import { startSrs, type SrsProcess } from '../support/srs-process';
import { until } from '../support/until';

/** The status window's heading while it records (`renderer/index.css`). */
const RECORDING_RED = [200, 30, 30] as const;
const TOLERANCE = 24;

/** What `npm start` runs where there is no display: a desktop of its own, the application on it, and the control page that shows it. */
describe('the demo without a display', () => {
  let directory: string;
  let demo: SrsProcess;
  let control: string;
  let srs: string;
  let origin: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-demo-'));
    demo = startSrs(['demo', '--directory', directory], { DISPLAY: undefined, WAYLAND_DISPLAY: undefined, SRS_CREDENTIAL_STORE: 'memory' });
    await demo.waitFor(/Ctrl\+C ends the demo/);
    [, control = ''] = await demo.waitFor(/control page\s+(http:\S+)\/ /);
    [, origin = '', srs = ''] = await demo.waitFor(/-H 'Origin: (\S+)' (http:\S+)\/api\/v2\/me/);
  });
  afterAll(async () => {
    await demo?.stop(); // not a kill: the application is a process of its own
    await rm(directory, { recursive: true, force: true });
  });

  const command = (path: string): Promise<{ status: number }> =>
    sendRequest(control, {
      method: 'POST',
      path,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ userName: 'demo' }),
    });

  async function redPixels(): Promise<number> {
    const answer = await fetch(`${control}/screen.png`);
    expect(answer.headers.get('content-type')).toBe('image/png');
    const picture = Buffer.from(await answer.arrayBuffer());
    const args = ['-v', 'error', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
    const pixels = execFileSync('ffmpeg', args, { input: picture, maxBuffer: 2 ** 26 });
    expect(pixels).toHaveLength(1280 * 720 * 3);
    let count = 0;
    for (let at = 0; at < pixels.length; at += 3) {
      if (RECORDING_RED.every((value, channel) => Math.abs(pixels[at + channel]! - value) <= TOLERANCE)) count += 1;
    }
    return count;
  }

  it('shows on the control page the screen that is recorded, with the window that says so', async () => {
    expect(await redPixels()).toBeLessThan(500);
    const login = await sendRequest(srs, { path: '/api/v2/me', headers: { Authorization: basic('demo', 'demo'), Origin: origin } });
    expect(login.status).toBe(200);
    await until('the command to be heard', async () => (await command('/start')).status === 200);
    await until('the window to say so', async () => (await redPixels()) > 10_000);
    await command('/stop');
    await demo.waitFor(/recording received: .+\.mp4/);
  });

  it('refuses a second one in the same folder', async () => {
    const second = startSrs(['demo', '--directory', directory]);
    expect(await second.exited).toBe(1);
    expect(second.stderr()).toContain(`A demo already runs in ${directory}`);
  });

  it('finishes a running recording when it is ended, and leaves nothing running', async () => {
    const before = await received();
    await command('/start');
    await until('the window to say so', async () => (await redPixels()) > 10_000);
    expect(await demo.stop()).toBe(0);
    expect(await received()).toHaveLength(before.length + 1);
    expect(await readdir(directory)).not.toContainEqual(expect.stringMatching(/^window-manager-/));
  });

  async function received(): Promise<readonly string[]> {
    const files = await readdir(join(directory, 'recordings'), { recursive: true });
    return files.filter((file) => file.endsWith('.mp4'));
  }
});
