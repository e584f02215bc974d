import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AutoStart } from '../../../../src/desktop/start-at-login/auto-start';
import { LoginItemAutoStart } from '../../../../src/desktop/start-at-login/login-item';
import { StartAtLogin } from '../../../../src/desktop/start-at-login/start-at-login';
import { XdgAutoStart } from '../../../../src/desktop/start-at-login/xdg-auto-start';
import { silentLogger } from '../../../../src/lib/logger';

let directory: string;
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'srs-login-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the XDG autostart entry', () => {
  const create = (env: Record<string, string> = {}, executable = '/opt/My App/srs'): XdgAutoStart =>
    new XdgAutoStart({
      env: { XDG_CONFIG_HOME: directory, ...env },
      homeDirectory: directory,
      executable,
      name: 'Screen Recording Service',
    });

  it.each([
    [{}, '/opt/My App/srs', '/opt/My App/srs'],
    [{ APPIMAGE: '/home/ann/srs.AppImage', APPDIR: '/tmp/.mount_x' }, '/tmp/.mount_x/srs', '/home/ann/srs.AppImage'],
    [{ APPIMAGE: '/home/ann/editor.AppImage', APPDIR: '/tmp/.mount_editor' }, '/opt/srs/srs', '/opt/srs/srs'],
    [{}, '/opt/a\\b/srs', '/opt/a\\\\b/srs'],
  ])('is passed over where the program has gone: %j %s', async (env, executable, program) => {
    const autoStart = create(env, executable);
    await autoStart.set(true);
    expect((await readFile(autoStart.file, 'utf8')).split('\n')).toContain(`TryExec=${program}`);
  });

  it('is on when written so, and off by Hidden, which also stands before a machine-wide entry', async () => {
    const autoStart = create();
    expect(await autoStart.isOn()).toBe(false);
    await autoStart.set(true);
    expect(await autoStart.isOn()).toBe(true);
    await autoStart.set(false);
    expect(await autoStart.isOn()).toBe(false);
    expect(await readFile(autoStart.file, 'utf8')).toContain('Hidden=true');
  });

  it('stays off where a desktop’s own settings switched it off, but follows the program to another place', async () => {
    const autoStart = create();
    await autoStart.set(true);
    await writeFile(autoStart.file, (await readFile(autoStart.file, 'utf8')).replace('enabled=true', 'enabled=false'));
    expect([await autoStart.isSet(), await autoStart.isOn()]).toEqual([true, false]);
    expect(await create({}, '/opt/elsewhere/srs').isSet()).toBe(false);
  });

  it.each([
    ['/opt/My App/srs', {}, 'Exec="/opt/My App/srs" --login'],
    ['/tmp/.mount_x/srs', { APPIMAGE: '/home/a/SRS.AppImage', APPDIR: '/tmp/.mount_x' }, 'Exec="/home/a/SRS.AppImage" --login'],
    ['/opt/50%/$a"b/srs', {}, 'Exec="/opt/50%%/\\\\$a\\\\"b/srs" --login'],
  ])('starts %s as %j says', async (executable, env, line) => {
    const autoStart = create(env as Record<string, string>, executable);
    await autoStart.set(true);
    expect((await readFile(autoStart.file, 'utf8')).split('\n')).toContain(line);
  });

  it('lies in the home folder when XDG_CONFIG_HOME is not absolute', () => {
    expect(create({ XDG_CONFIG_HOME: 'relative' }).file).toBe(join(directory, '.config', 'autostart', 'screen-recording-service.desktop'));
  });
});

describe('the login item', () => {
  it.each([
    ['win32', { openAtLogin: true, executableWillLaunchAtLogin: false }, false],
    ['win32', { openAtLogin: true, executableWillLaunchAtLogin: true }, true],
    ['darwin', { openAtLogin: true, executableWillLaunchAtLogin: false }, true],
  ] as const)('on %s with %j is on: %s', async (platform, settings, isOn) => {
    const given: unknown[] = [];
    const app = {
      getLoginItemSettings: () => ({ ...settings, wasOpenedAtLogin: false, status: 'enabled', launchItems: [] }),
      setLoginItemSettings: (next: unknown) => void given.push(next),
      getPath: () => 'C:\\Program Files\\SRS\\srs.exe',
    } as unknown as ConstructorParameters<typeof LoginItemAutoStart>[0];
    const autoStart = new LoginItemAutoStart(app, platform);
    await autoStart.set(true);
    const path = platform === 'win32' ? { path: '"C:\\Program Files\\SRS\\srs.exe"' } : {};
    expect(given).toEqual([{ openAtLogin: true, args: ['--login'], ...path }]);
    expect(await autoStart.isSet()).toBe(true);
    expect(await autoStart.isOn()).toBe(isOn);
  });
});

describe('start at login', () => {
  class MemoryAutoStart implements AutoStart {
    entry: boolean | undefined;
    isSwitchedOff = false;
    hasMachineEntry = false;
    async isOn(): Promise<boolean> {
      return (this.entry === true && !this.isSwitchedOff) || this.hasMachineEntry;
    }
    async isSet(): Promise<boolean> {
      return this.entry === true;
    }
    async set(isOn: boolean): Promise<void> {
      this.entry = isOn;
      this.isSwitchedOff = false;
    }
  }
  const create = (
    autoStart: AutoStart,
    { isWanted = true, isChangeable = true, ...parts }: { isWanted?: boolean; isChangeable?: boolean; isInstalled?: boolean } = {},
  ): StartAtLogin =>
    new StartAtLogin({
      autoStart,
      isWanted: () => isWanted,
      isChangeable: () => isChangeable,
      isInstalled: true,
      userFile: join(directory, 'config.json'),
      log: silentLogger,
      ...parts,
    });

  it.each([
    [{ isWanted: true }, true],
    [{ isWanted: false }, undefined],
    [{ isWanted: true, isInstalled: false }, undefined],
  ])('at start, %j sets the system to %s', async (parts, expected) => {
    const autoStart = new MemoryAutoStart();
    await create(autoStart, parts).start();
    expect(autoStart.entry).toBe(expected);
  });

  it('keeps the user’s choice beside his other settings', async () => {
    await writeFile(join(directory, 'config.json'), '{"notifyRecording":true}');
    const autoStart = new MemoryAutoStart();
    const startAtLogin = create(autoStart);
    await startAtLogin.start();
    await startAtLogin.toggle();
    expect(autoStart.entry).toBe(false);
    expect(startAtLogin.state).toEqual({ isOn: false, isChangeable: true });
    expect(JSON.parse(await readFile(join(directory, 'config.json'), 'utf8'))).toEqual({ notifyRecording: true, autoStart: false });
  });

  it('changes nothing that policy holds', async () => {
    const autoStart = new MemoryAutoStart();
    const startAtLogin = create(autoStart, { isChangeable: false });
    await startAtLogin.start();
    await startAtLogin.toggle();
    expect(autoStart.entry).toBe(true);
  });

  it('leaves off what the user switched off in the system’s settings', async () => {
    const autoStart = new MemoryAutoStart();
    autoStart.entry = true;
    autoStart.isSwitchedOff = true;
    const startAtLogin = create(autoStart);
    await startAtLogin.start();
    expect(startAtLogin.state.isOn).toBe(false);
    await startAtLogin.toggle();
    expect(startAtLogin.state.isOn).toBe(true);
  });

  it('can be switched off and on beside a machine-wide entry', async () => {
    const autoStart = new MemoryAutoStart();
    autoStart.hasMachineEntry = true;
    const startAtLogin = create(autoStart);
    await startAtLogin.start();
    const seen = [startAtLogin.state.isOn];
    for (let times = 0; times < 2; times += 1) {
      await startAtLogin.toggle();
      seen.push(startAtLogin.state.isOn);
    }
    expect(seen).toEqual([true, false, true]);
  });
});
