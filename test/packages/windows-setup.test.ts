import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/desktop-app';
import { until } from '../support/until';
import { WinePrefix } from '../support/wine-prefix';

const run = promisify(execFile);
const RUN = 'Software\\Microsoft\\Windows\\CurrentVersion\\Run';
const USERS_RUN = `HKCU\\${RUN}`;
const MACHINES_RUN = `HKLM\\${RUN}`;
const APPROVED = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\StartupApproved\\Run';
const EVENT_SOURCE = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\ScreenRecordingService';
const MACHINES_NAME = 'ScreenRecordingService';
const CONFIGURATION = 'C:\\ProgramData\\ScreenRecordingService\\config.json';

/** build/installer.nsh, compiled by Debian's makensis into a small setup and run under Wine. */
describe('the Windows setup', () => {
  let directory: string;
  let setup: string;
  let windows: WinePrefix;
  let appId: string;
  let executable: string;
  let home: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-setup-'));
    const builder = await readFile(join(ROOT, 'electron-builder.yml'), 'utf8');
    appId = /^appId: (.+)$/m.exec(builder)?.[1] ?? '';
    executable = `${/^productName: (.+)$/m.exec(builder)?.[1]}.exe`;
    setup = join(directory, 'screen-recording.exe');
    const defines = { OUTPUT: setup, INCLUDE: join(ROOT, 'build/installer.nsh'), APP_ID: appId, APP_EXECUTABLE_FILENAME: executable };
    await run('makensis', [
      '-V2',
      '-WX',
      ...Object.entries(defines).map(([name, value]) => `-D${name}=${value}`),
      join(ROOT, 'test/packages/fixtures/setup.nsi'),
    ]);
    windows = await WinePrefix.create();
    home = await windows.localAppData();
  }, 120_000);

  afterAll(async () => {
    await windows?.remove();
    await rm(directory, { recursive: true, force: true });
  });

  const spool = (): string => `${home}\\ScreenRecordingService\\spool\\recording`;
  const updater = (): string => `${home}\\screen-recording-service-updater\\installer.exe`;
  const folder = (words: readonly string[]): string =>
    words.includes('/allusers') ? 'C:\\Program Files\\screen-recording-service' : `${home}\\Programs\\screen-recording-service`;

  async function install(...words: string[]): Promise<void> {
    await windows.run(setup, '/S', ...words);
  }

  /** It goes on as a copy of itself, whose last deed is a file in the context that electron-builder's uninstaller needs. */
  async function uninstall(...words: string[]): Promise<void> {
    const context = words.includes('/allusers') ? 'C:\\ProgramData' : home.replace(/Local$/, 'Roaming');
    const last = `${context}\\after-uninstall`;
    await windows.run(`${folder(words)}\\Uninstall.exe`, '/S', ...words);
    await until('the uninstaller', () => windows.exists(last), 30_000);
    await rm(windows.onHost(last));
  }

  /** What an installation in use has: the program's own values and files. */
  async function use(): Promise<void> {
    await windows.setRegistryValue(USERS_RUN, appId, 'own');
    await windows.setRegistryValue(APPROVED, appId, 'on');
    for (const file of [spool(), updater(), CONFIGURATION]) await windows.write(file, 'kept');
  }

  async function left(): Promise<Record<string, unknown>> {
    return {
      usersRun: await windows.registryValue(USERS_RUN, appId),
      approved: await windows.registryValue(APPROVED, appId),
      machinesRun: await windows.registryValue(MACHINES_RUN, MACHINES_NAME),
      spool: await windows.exists(spool()),
      updater: await windows.exists(updater()),
      configuration: await windows.exists(CONFIGURATION),
    };
  }

  async function eventSource(): Promise<readonly string[]> {
    const values = await windows.registryValues(EVENT_SOURCE);
    return values.map((value) => value.join(' '));
  }

  const entry = (words: readonly string[]): string => `"${folder(words)}\\${executable}" --login`;

  it('enters the program for the start at login of its user, or of every user with /allusers', async () => {
    await install();
    expect(await left()).toMatchObject({ usersRun: entry([]), machinesRun: undefined });
    await install('/allusers');
    expect(await left()).toMatchObject({ machinesRun: entry(['/allusers']) });
  }, 60_000);

  it('with /allusers makes the machine folder, and the source of events, which goes with the program', async () => {
    await install('/allusers');
    expect(await windows.exists('C:\\ProgramData\\ScreenRecordingService')).toBe(true);
    expect([...(await eventSource())].sort()).toEqual([
      'CustomSource REG_DWORD 0x1',
      'EventMessageFile REG_EXPAND_SZ %SystemRoot%\\System32\\EventCreate.exe',
      'TypesSupported REG_DWORD 0x7',
    ]);
    await uninstall('/allusers');
    expect(await eventSource()).toEqual([]);
    await install();
    expect(await eventSource()).toEqual([]);
  }, 60_000);

  it('leaves the user’s entry to the program when it updates', async () => {
    await windows.setRegistryValue(USERS_RUN, appId, 'own');
    await install('--updated');
    expect(await left()).toMatchObject({ usersRun: 'own' });
    await windows.run('reg', 'delete', USERS_RUN, '/v', appId, '/f');
    await install('--updated');
    expect(await left()).toMatchObject({ usersRun: undefined });
  }, 60_000);

  const everything = { usersRun: 'own', approved: 'on', spool: true, updater: true, configuration: true };
  const withoutEntries = { ...everything, usersRun: undefined, approved: undefined, updater: false };
  it.each([
    { words: [], stays: withoutEntries },
    { words: ['--updated'], stays: everything },
    { words: ['/PURGE'], stays: { ...withoutEntries, spool: false } },
    { words: ['/allusers'], stays: withoutEntries },
    { words: ['/allusers', '--updated'], stays: everything },
    { words: ['/allusers', '/PURGE'], stays: { ...withoutEntries, spool: false } },
  ])(
    'uninstalls with $words',
    async ({ words, stays }) => {
      const isForAll = words.includes('/allusers');
      await install(...(isForAll ? ['/allusers'] : []));
      await use();
      await windows.setRegistryValue(MACHINES_RUN, MACHINES_NAME, 'machine');
      await uninstall(...words);
      expect(await left()).toEqual({ ...stays, machinesRun: isForAll ? undefined : 'machine' });
    },
    60_000,
  );
});
