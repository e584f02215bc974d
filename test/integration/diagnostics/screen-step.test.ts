import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { screenStep } from '../../../src/diagnostics/screen-step';
import { PaintedScreen } from '../../support/painted-screen';

describe('the screen step', () => {
  let screen: PaintedScreen;
  beforeEach(async () => (screen = await PaintedScreen.start()));
  afterEach(() => screen.stop());

  it('opens the X display', async () => {
    expect(await screenStep('linux', { DISPLAY: screen.display, XDG_SESSION_TYPE: 'x11' })).toMatchObject({
      outcome: 'ok',
      text: `The X display ${screen.display} is recorded.`,
    });
  });

  it('is no ok for a display that does not exist', async () => {
    const gone = screen.display;
    await screen.stop();
    expect(await screenStep('linux', { DISPLAY: gone })).toMatchObject({ outcome: 'failed', text: expect.stringContaining(gone) });
  });

  it.each([':x', 'other.example:0', 'localhost:10.0', ':7777777'])('is no ok for %s', async (display) => {
    expect(await screenStep('linux', { DISPLAY: display })).toMatchObject({ outcome: 'failed' });
  });

  it('is no ok for a display that refuses this user', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'srs-refused-'));
    await writeFile(join(folder, 'authority'), authorityOfAnother());
    const server = spawn('Xvfb', ['-displayfd', '3', '-auth', join(folder, 'authority'), '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    try {
      const display = `:${await firstLine(server)}`;
      expect(await screenStep('linux', { DISPLAY: display })).toMatchObject({
        outcome: 'failed',
        text: expect.stringContaining('refuses'),
      });
    } finally {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    }
  });

  it('ends for a display that never answers', async () => {
    const display = 59_000 + (process.pid % 1_000);
    const silent = createServer().listen(`/tmp/.X11-unix/X${display}`);
    await new Promise((resolve) => silent.once('listening', resolve));
    const sockets: import('node:net').Socket[] = [];
    silent.on('connection', (socket) => sockets.push(socket));
    try {
      expect(await screenStep('linux', { DISPLAY: `:${display}` })).toMatchObject({ outcome: 'failed' });
    } finally {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => silent.close(resolve));
    }
  });

  it.each([
    [{ WAYLAND_DISPLAY: 'wayland-0', XDG_SESSION_TYPE: 'wayland' }],
    [{ WAYLAND_DISPLAY: 'wayland-0' }],
    [{ XDG_SESSION_TYPE: 'wayland' }],
  ])('warns in a Wayland session: %j', async (session) => {
    for (const env of [session, { ...session, DISPLAY: screen.display }]) {
      expect(await screenStep('linux', env)).toMatchObject({ outcome: 'warning', text: expect.stringContaining('X programs only') });
    }
  });

  it('warns of an Xwayland that no variable speaks of', async () => {
    await screen.name('XWAYLAND0', { x: 0, y: 0, width: 1280, height: 720 });
    expect(await screenStep('linux', { DISPLAY: screen.display })).toMatchObject({ outcome: 'warning' });
  });

  it('fails without any display', async () => {
    expect(await screenStep('linux', {})).toMatchObject({ outcome: 'failed' });
  });
});

/** A server with a key for nobody lets only those in who have it. */
function authorityOfAnother(): Buffer {
  const fields = ['elsewhere', '', 'MIT-MAGIC-COOKIE-1', 'sixteen bytes.. '].map((text) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  });
  return Buffer.concat([Buffer.from([0x01, 0x00]), ...fields]);
}

function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.stdio[3]?.once('data', (text: Buffer) => resolve(text.toString().trim()));
    server.once('exit', () => reject(new Error('Xvfb ended')));
  });
}
