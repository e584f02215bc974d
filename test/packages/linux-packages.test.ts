import { execFile, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSimulator, type Simulator } from '../../src/simulator/create-simulator';
import type { SimulatorAddresses } from '../../src/simulator/options';
import { AGENT, DebianRoot } from '../support/debian-root';
import { ROOT } from '../support/desktop-app';
import { LinuxPackages } from '../support/linux-packages';
import { probeMedia } from '../support/media-file';
import { until } from '../support/until';

const run = promisify(execFile);
const ACCOUNT = { userName: 'ann', password: 'planted-secret', firstName: 'Ann', lastName: 'Example' };
const PROGRAM = '/opt/screen-recording-service/screen-recording-service';
const OLD_FOLDER = '/opt/Screen Recording Service';
const DATA = `/home/${AGENT}/.local/share/screen-recording-service`;
const OWN_ENTRY = `/home/${AGENT}/.config/autostart/screen-recording-service.desktop`;
const CONFIGURATION = '/etc/screen-recording-service/config.json';
/** What Electron and Chromium load by name: no file says that it is needed. */
const LOADED_BY_NAME = ['libX11-xcb.so.1', 'libnotify.so.4'];

// A step that is done again finds what the first time left.
jest.retryTimes(0);

/** One after the other, as on a PC; each step builds on the one before. */
describe('the Linux packages', () => {
  let packages: LinuxPackages;
  let system: DebianRoot;
  let directory: string;
  let simulator: Simulator;
  let addresses: SimulatorAddresses;
  let service: ChildProcess | undefined;
  let output = '';
  let exited: Promise<number | null>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-installed-'));
    packages = await LinuxPackages.build();
    const deb = await packages.withoutElectron();
    system = await DebianRoot.create((await run('dpkg-deb', ['--field', deb, 'Depends'])).stdout.trim());
    simulator = createSimulator({ accounts: [ACCOUNT], storage: join(directory, 'storage'), pagesDirectory: join(ROOT, 'dist/simulator') });
    addresses = await simulator.start();
  }, 600_000);

  afterAll(async () => {
    service?.kill('SIGKILL');
    await simulator?.stop();
    await system?.remove();
    await packages?.remove();
    await rm(directory, { recursive: true, force: true });
  }, 60_000);

  /** As an administrator does; what the package asks for is there already. */
  async function install(file: string): Promise<void> {
    await system.onHost('cp "$2" "$1/tmp/package.deb"', file);
    await apt('install', '--no-install-recommends', '/tmp/package.deb');
  }
  const apt = (...words: string[]): Promise<string> =>
    system.must('env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', '-q', ...words);
  const exists = async (path: string): Promise<boolean> => (await system.run('test', '-e', path)).code === 0;
  const write = (path: string, text: string): Promise<string> =>
    system.must('sh', '-c', 'mkdir -p "$(dirname "$1")" && printf %s "$2" > "$1"', 'sh', path, text);
  const asAgent = (script: string, ...args: string[]): Promise<string> =>
    system.must(...system.asAgent('sh', '-ec', script, 'sh', ...args));

  it('have no error for lintian, and valid desktop entries', async () => {
    const lintian = await run('lintian', ['--allow-root', '--fail-on', 'error', await packages.withoutElectron()]).catch(
      (error: { stdout: string }) => error,
    );
    expect(lintian.stdout.split('\n').filter((line) => line.startsWith('E:'))).toEqual([]);
    const tree = join(directory, 'files');
    await run('dpkg-deb', ['--extract', await packages.withoutElectron(), tree]);
    for (const folder of ['usr/share/applications', 'etc/xdg/autostart']) {
      const file = join(tree, folder, 'screen-recording-service.desktop');
      await run('desktop-file-validate', [file]);
      expect(await readFile(file, 'utf8')).toContain(`Exec=${PROGRAM} `);
    }
    expect(await readFile(join(tree, 'usr/share/applications/screen-recording-service.desktop'), 'utf8')).toMatch(
      /^Name=Screen Recording Service\n[^]*^StartupWMClass=screen-recording-service$/m,
    );
  }, 120_000);

  it('ask rpm for every library that their files are linked with or load', async () => {
    const { stdout } = await run('rpm', ['--query', '--requires', '--package', await packages.file('rpm')]);
    const asked = stdout.split('\n').map((line) => line.replace(/\(.*/, '').trim());
    expect(asked).toEqual(expect.arrayContaining([...(await librariesNeeded(packages.tree)), ...LOADED_BY_NAME]));
  });

  it('install with rpm, and go without a trace', async () => {
    const rpm = (...words: string[]): Promise<string> => system.onHost('root=$1; shift; exec rpm --root "$root" "$@"', ...words);
    await rpm('--initdb');
    await rpm('--install', '--nodeps', await packages.file('rpm'));
    expect(await system.must('/usr/bin/screen-recording-service', '--version')).toMatch(/^1\.0\.0$/m);
    await rpm('--upgrade', '--nodeps', await packages.file('rpm', '1.0.1'));
    expect(await exists(PROGRAM)).toBe(true);
    await rpm('--erase', 'screen-recording-service');
    for (const path of [
      '/opt/screen-recording-service',
      '/usr/bin/screen-recording-service',
      '/etc/xdg/autostart/screen-recording-service.desktop',
    ])
      expect([path, await exists(path)]).toEqual([path, false]);
  }, 120_000);

  it('upgrade an installation in the old folder: what names it still starts the program', async () => {
    await install(await packages.olderDeb());
    expect(await exists(`${OLD_FOLDER}/screen-recording-service`)).toBe(true);
    await write(
      CONFIGURATION,
      JSON.stringify({
        server: addresses.server,
        allowedOrigins: [addresses.desktop],
        http: { port: 0 },
        https: { enabled: false },
        spool: { minFreeMegabytes: 1 },
      }),
    );
    await asAgent(
      `mkdir -p "$(dirname "$1")" && printf '[Desktop Entry]\nExec="%s/screen-recording-service" --login\n' "$2" > "$1"`,
      OWN_ENTRY,
      OLD_FOLDER,
    );
    await install(await packages.file('deb'));
    expect(await system.must('readlink', '-f', `${OLD_FOLDER}/screen-recording-service`)).toBe(`${PROGRAM}\n`);
    expect(await system.must('head', '-1', '/usr/bin/screen-recording-service')).toBe('#!/bin/sh\n');
    expect(await system.must('cat', '/etc/xdg/autostart/screen-recording-service.desktop')).toContain(`TryExec=${PROGRAM}`);
  }, 120_000);

  it('bring every library that the files are linked with or load', async () => {
    const { output: known } = await system.run('/sbin/ldconfig', '-p');
    const missing = [...(await librariesNeeded(packages.tree)), ...LOADED_BY_NAME].filter((name) => !known.includes(`\t${name} `));
    expect(missing).toEqual([]);
  });

  it('answer an administrator without a display, as a user and as root', async () => {
    for (const command of [['/usr/bin/screen-recording-service'], system.asAgent('/usr/bin/screen-recording-service')]) {
      const status = await system.run(...command, 'status');
      expect(status.output).toContain('No Screen Recording Service answers');
      expect(status.code).toBe(3);
    }
    expect(await exists('/root/.config')).toBe(false);
    expect(await system.must('sh', '-c', 'find /tmp -mindepth 1 -name "screen-recording*"')).toBe('');
  });

  it('start at login as an ordinary user, in the sandbox, and record', async () => {
    const entry = [`${OLD_FOLDER}/screen-recording-service`, '--login'];
    service = system.start(system.asAgent(...entry), { DISPLAY: process.env['DISPLAY'] ?? '', SRS_CREDENTIAL_STORE: 'memory' });
    exited = new Promise((resolve) => service?.once('exit', resolve));
    for (const stream of [service.stdout, service.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const srs = await until('the address', () => /listening (http:\S+)/.exec(output)?.[1] ?? ended(service, output), 60_000);

    const who = ['--header', `Origin: ${addresses.desktop}`, '--user', `${ACCOUNT.userName}:${ACCOUNT.password}`];
    expect(await system.curlAsAgent(...who, '--output', '/dev/null', '--write-out', '%{http_code}', `${srs}/api/v2/me`)).toBe('200');
    simulator.control.startRecording('ann', { recordingId: 'rec-1' });
    await until('RWS to hear of it', () => simulator.control.reports().some(({ state }) => state === 'Recording'), 30_000);
    expect(await system.must('stat', '-c', '%a %U:%G', '/opt/screen-recording-service/chrome-sandbox')).toBe('4755 root:root\n');
    expect((await system.run(...system.asAgent('unshare', '--user', 'true'))).code).not.toBe(0);
    expect(await sandboxesOfRenderers()).not.toContain('0');
    const started = Date.now();
    await until('two seconds of video', () => Date.now() > started + 2000);
    simulator.control.stopRecording('ann');
    const [recording] = await until(
      'the recording at RWS',
      () => (simulator.control.recordings().length > 0 ? simulator.control.recordings() : undefined),
      30_000,
    );
    expect(await probeMedia(simulator.control.mediaPath(recording?.mediaId ?? '') ?? '')).toMatchObject({ codec: 'h264', height: 720 });
    expect(await system.must('cat', OWN_ENTRY)).toContain(`Exec="${PROGRAM}" --login`);
  }, 120_000);

  it('upgrade under a running service, which goes on', async () => {
    await install(await packages.file('deb', '1.0.1'));
    expect(service?.exitCode).toBeNull();
    for (const path of [CONFIGURATION, `${DATA}/spool`, '/usr/bin/screen-recording-service'])
      expect([path, await exists(path)]).toEqual([path, true]);
  }, 120_000);

  it('end the service when they are removed, and leave configuration and spool', async () => {
    await apt('remove', 'screen-recording-service');
    expect(await exited).toBe(0);
    for (const path of ['/opt/screen-recording-service', OLD_FOLDER, '/usr/bin/screen-recording-service'])
      expect([path, await exists(path)]).toEqual([path, false]);
    for (const path of [CONFIGURATION, `${DATA}/spool`]) expect([path, await exists(path)]).toEqual([path, true]);
  }, 60_000);

  it('take configuration and spool with a purge, and nothing of another’s', async () => {
    // What a user could lay for root to follow.
    await asAgent('mkdir -p "$HOME/trap/.local" && ln -s /srv "$HOME/trap/.local/share"');
    await write('/srv/screen-recording-service/kept', 'kept');
    await apt('purge', 'screen-recording-service');
    for (const path of ['/etc/screen-recording-service', DATA, OWN_ENTRY, '/etc/xdg/autostart/screen-recording-service.desktop'])
      expect([path, await exists(path)]).toEqual([path, false]);
    expect(await exists('/srv/screen-recording-service/kept')).toBe(true);
  }, 60_000);

  /** Of each page's process. In a chroot the kernel gives no user namespace, so it was Chromium's own helper: 2 is Chromium's filter of system calls (proc(5)). */
  async function sandboxesOfRenderers(): Promise<readonly string[]> {
    const found = await system.must(
      'sh',
      '-c',
      `for p in /proc/[0-9]*; do [ "$(readlink "$p/exe")" = "$1" ] && tr '\\0' ' ' < "$p/cmdline" | grep -q -e --type=renderer && sed -n 's/^Seccomp:\\t//p' "$p/status"; done; true`,
      'sh',
      PROGRAM,
    );
    const list = found.split('\n').filter((line) => line !== '');
    expect(list.length).toBeGreaterThan(0);
    return list;
  }
});

function ended(child: ChildProcess | undefined, text: string): undefined {
  if (child?.exitCode !== null) throw new Error(`the program ended with ${child?.exitCode}:\n${text}`);
  return undefined;
}

/** The names that the dynamic linker looks for, but for those that the tree itself holds and those of the C library. */
async function librariesNeeded(tree: string): Promise<readonly string[]> {
  const files = (await readdir(tree, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const names = new Set<string>();
  for (const { parentPath, name } of files) {
    const { stdout } = await run('readelf', ['--dynamic', join(parentPath, name)]).catch(() => ({ stdout: '' })); // no ELF file
    for (const [, needed = ''] of stdout.matchAll(/\(NEEDED\).*\[(.*)\]/g)) names.add(needed);
  }
  const own = new Set(files.map(({ name }) => name));
  return [...names].filter((name) => !own.has(name) && !/^(libc|libm|libdl|libpthread|ld-linux.*)\.so/.test(name));
}
