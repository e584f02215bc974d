import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { access, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { defaultDataDirectory } from '../../src/config/platform-paths';
import { ROOT } from '../support/desktop-app';
import { sendRequest } from '../support/http-request';
import { Keyring } from '../support/keyring';
import { until } from '../support/until';

const run = promisify(execFile);
const require = createRequire(__filename);

/** The tree electron-builder makes, with its fuses: no Node in it that could be run. */
describe('the packaged application', () => {
  let directory: string;
  let resources: string;
  let program: ChildProcess | undefined;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-packaged-'));
    const electronDist = join(directory, 'electron');
    await cp(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(dirname(require.resolve('electron/package.json')), 'dist'), electronDist, {
      recursive: true,
      verbatimSymlinks: true,
    });
    // Not the application that an Electron for trials has in its place.
    if (process.platform === 'linux') await emptyFolder(join(electronDist, 'resources'));
    const { version } = require('electron/package.json') as { version: string };
    const config = join(directory, 'builder.json');
    await writeFile(
      config,
      JSON.stringify({
        extends: join(ROOT, process.platform === 'linux' ? 'electron-builder.linux.yml' : 'electron-builder.yml'),
        electronDist,
        electronVersion: version,
        directories: { output: join(directory, 'out'), buildResources: 'build' },
        mac: { identity: null },
      }),
    );
    await run(process.execPath, [require.resolve('electron-builder/cli.js'), '--dir', '--config', config], { cwd: ROOT });
    resources = join(directory, 'out', ...resourcesPath());
  }, 180_000);

  afterAll(async () => {
    program?.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  it('holds the bundles, the pages and the icons, and no package but the native bindings', async () => {
    const { stdout } = await run(process.execPath, [require.resolve('@electron/asar/bin/asar.js'), 'list', join(resources, 'app.asar')]);
    const files = stdout.split('\n').map((line) => line.replaceAll('\\', '/'));
    for (const file of [
      '/dist/main.js',
      '/dist/remux-worker.js',
      '/dist/keychain-worker.js',
      '/dist/windows-worker.js',
      '/dist/preload/window.js',
      '/dist/renderer/index.html',
      '/dist/capture/index.js',
    ]) {
      expect(files).toContain(file);
    }
    expect(files).toEqual(expect.arrayContaining(['/assets/tray/recording.png', '/assets/icon.png']));
    const bindings = { win32: ['@koromix', 'keytar', 'koffi'], darwin: ['keytar', 'koffi'] }[process.platform as string] ?? ['keytar'];
    expect(files.filter((file) => /^\/node_modules\/[^/]+$/.test(file))).toEqual(bindings.map((name) => `/node_modules/${name}`));
    expect(files.filter((file) => /cli\.js|simulator|playwright|\.map$/.test(file))).toEqual([]);
  });

  it('has the keychain binding beside the archive, where the system can load it', () => {
    const keytar = require(join(resources, 'app.asar.unpacked', 'node_modules', 'keytar')) as Record<string, unknown>;
    expect(Object.keys(keytar)).toEqual(expect.arrayContaining(['getPassword', 'setPassword', 'deletePassword']));
  });

  it('reaches the keychain in a process of its own, which no fuse stops', async () => {
    if (process.platform !== 'linux') return; // the test's own keychain is a Secret Service
    const keyring = await Keyring.start();
    const home = join(directory, 'doctor');
    const config = join(directory, 'doctor.json');
    await writeFile(config, JSON.stringify({ dataDirectory: home, http: { port: 0 }, https: { port: 0 } }));
    const { stdout } = await run(executable(join(directory, 'out')), ['doctor', '--config', config], {
      env: { ...keyring.environment, ...(process.getuid?.() === 0 ? { ELECTRON_DISABLE_SANDBOX: '1' } : {}) },
    }).catch((error: unknown) => error as { stdout: string }); // no server is configured
    await keyring.stop();
    expect(stdout).toContain('ok       keychain:');
  }, 60_000);

  it('names what an update asks before every download', async () => {
    if (process.platform !== 'linux') return; // electron-builder writes it there with the installers only
    const feed = await readFile(join(resources, 'app-update.yml'), 'utf8');
    expect(feed).toMatch(/^provider: generic$/m);
    expect(feed).toMatch(/^updaterCacheDirName: \S+$/m);
  });

  it('starts, answers, is entered for the next login, and ends with exit code 0', async () => {
    const home = join(directory, 'home');
    const directories = { XDG_DATA_HOME: join(home, 'data'), XDG_CONFIG_HOME: join(home, 'config'), LOCALAPPDATA: join(home, 'data') };
    const config = join(directory, 'config.json');
    await writeFile(config, JSON.stringify({ http: { port: 0 }, https: { enabled: false }, credentialStore: 'memory' }));
    const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--config', config];
    const child = spawn(executable(join(directory, 'out')), args, {
      env: {
        ...process.env,
        HOME: home,
        ...directories,
        SRS_LOG_LEVEL: 'loud', // an installed program takes nothing from there
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    program = child;
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));

    const address = await until('the address', () => /listening (http:\S+)/.exec(output)?.[1], 60_000);
    expect((await sendRequest(address, { path: '/version' })).status).toBe(200);
    if (process.platform === 'linux') {
      const entry = await readFile(join(home, 'config', 'autostart', 'screen-recording-service.desktop'), 'utf8');
      expect(entry).toContain(`Exec="${executable(join(directory, 'out'))}" --login`);
    }
    child.kill('SIGTERM');
    expect(await exited).toBe(process.platform === 'win32' ? null : 0);
    const data = defaultDataDirectory({ platform: process.platform, env: directories, homeDirectory: home });
    await access(join(data, 'logs', 'screen-recording-service.log'));
  }, 120_000);
});

async function emptyFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true });
  await mkdir(folder);
}

function resourcesPath(): readonly string[] {
  if (process.platform === 'darwin')
    return [process.arch === 'arm64' ? 'mac-arm64' : 'mac', 'Screen Recording Service.app', 'Contents', 'Resources'];
  return [process.platform === 'win32' ? 'win-unpacked' : 'linux-unpacked', 'resources'];
}

function executable(output: string): string {
  if (process.platform === 'win32') return join(output, 'win-unpacked', 'Screen Recording Service.exe');
  if (process.platform === 'linux') return join(output, 'linux-unpacked', 'screen-recording-service');
  return join(output, ...resourcesPath().slice(0, 2), 'Contents', 'MacOS', 'Screen Recording Service');
}
