import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useVirtualDisplay, type VirtualDisplay } from '../../../src/headless/virtual-display';
import { XConnection } from '../../../src/x11/x-connection';
import { runAsOtherUser } from '../../support/other-user';

/** Shakes hands with an X server, with no cookie: 1 when it lets one in. */
const KNOCK = `const s = require('node:net').connect('/tmp/.X11-unix/X' + process.argv[1]);
s.end(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0])); s.once('data', (b) => { console.log(b[0]); process.exit(); });`;

describe('a display of the program’s own', () => {
  let directory: string;
  let display: VirtualDisplay;
  const env: NodeJS.ProcessEnv = {};
  const authority = process.env['XAUTHORITY'];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-private-display-'));
    display = await useVirtualDisplay(directory, env);
  });
  afterEach(async () => {
    if (authority === undefined) delete process.env['XAUTHORITY'];
    else process.env['XAUTHORITY'] = authority;
    await display.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('lets no other user of this computer look at it', async () => {
    expect(await runAsOtherUser(process.execPath, ['-e', KNOCK, display.display.slice(1)])).toBe('0\n');
  });

  it('lets in whoever has its cookie, which is the owner’s alone, and nobody without', async () => {
    const file = env['XAUTHORITY'] ?? '';
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const listener = { onEvent: () => undefined, onLost: () => undefined };
    process.env['XAUTHORITY'] = file;
    (await XConnection.open(display.display, listener)).close();
    process.env['XAUTHORITY'] = join(directory, 'none');
    await expect(XConnection.open(display.display, listener)).rejects.toMatchObject({ code: 'dependencyMissing' });
  });

  it('is in the environment until it stops, and leaves nothing', async () => {
    expect(env).toEqual({ DISPLAY: display.display, XAUTHORITY: expect.stringContaining(directory) });
    await display.stop();
    expect(env).toEqual({});
    expect(await readdir(directory)).toEqual([]);
  });
});
