import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/desktop-app';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Chromium's, of a bus that is not there. The installed command leaves it out by a switch of the first process. */
const CHROMIUM_ERROR = /^\[.*:ERROR:.*\n/gm;

/** An installed PC has no Node beside the application: its administrator asks the application. */
describe('the application as command line', () => {
  let directory: string;
  let config: string;
  let home: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-admin-'));
    config = join(directory, 'config.json');
    home = join(directory, 'home');
    await mkdir(home);
    await writeFile(config, JSON.stringify({ dataDirectory: join(directory, 'data') }));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** Runs it as an AppImage's runner and root do: with a switch first. Its home and temporary folder are `home`. */
  function run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
    // In Node the package is the path of its binary.
    const binary = jest.requireActual<string>('electron');
    const env = { ...process.env, HOME: home, TMPDIR: home, XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined, ...environment };
    return new Promise((resolve) => {
      execFile(binary, ['--no-sandbox', ROOT, ...words], { env }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr: stderr.replace(CHROMIUM_ERROR, '') }),
      );
    });
  }

  it('says with exit code 3 that no service runs', async () => {
    const { code, stderr } = await run(['status', '--config', config]);
    expect(stderr).toContain('No Screen Recording Service answers');
    expect(code).toBe(3);
  });

  it('prints the schema of the configuration, and ends', async () => {
    const { code, stdout } = await run(['config', 'schema']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('properties.allowedOrigins');
  });

  it('names a wrong option with exit code 2', async () => {
    const { code, stderr } = await run(['status', '--jsn']);
    expect(code).toBe(2);
    expect(stderr).toContain('--jsn');
  });

  it('finds the command behind an option that is the command’s own', async () => {
    const { code, stderr } = await run(['--lang=de', '--config', config, 'status']);
    expect(stderr).toContain(join(directory, 'data'));
    expect(code).toBe(3);
  });

  it.each([
    ['a word that is no command', ['stauts'], 2, 'stauts'],
    ['a question', ['--version'], 0, /^\d+\.\d+\.\d+\n$/],
  ])('answers %s, where it would start the tray', async (_name, words, expected, text) => {
    const { code, stdout, stderr } = await run(words);
    expect(stdout + stderr).toEqual(typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text));
    expect(code).toBe(expected);
  });

  it('answers without a display, as over ssh, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await run(['config', 'schema'], { DISPLAY: undefined, WAYLAND_DISPLAY: undefined });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toHaveProperty('properties.allowedOrigins');
    expect(code).toBe(0);
    expect(await readdir(home)).toEqual([]);
  });
});
