import { spawn } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connected, running, sampleProblem } from '../fixtures/snapshots';
import { buildScriptedApp, launchDesktop, ROOT, type LaunchedDesktop } from '../support/desktop-app';
import { until } from '../support/until';

describe('the application’s life', () => {
  let folder: string;
  let desktop: LaunchedDesktop;

  beforeAll(async () => {
    folder = await buildScriptedApp();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => desktop?.close());

  const calls = (): Promise<readonly string[]> => desktop.app.evaluate(() => [...globalThis.testHost.calls]);
  const record = (): Promise<void> =>
    desktop.app.evaluate((_electron, parts) => globalThis.testHost.set(parts), {
      session: connected,
      recorder: { status: 'recording' as const, ...running },
    });

  it('hands power, lock and display events to the service, and finishes at a shutdown', async () => {
    desktop = await launchDesktop({ folder });
    await desktop.app.evaluate(({ powerMonitor, screen }) => {
      for (const event of ['suspend', 'resume', 'lock-screen', 'unlock-screen']) powerMonitor.emit(event as 'suspend');
      screen.emit('display-added', {}, {});
      screen.emit('display-metrics-changed', {}, {}, ['workArea']);
      screen.emit('display-metrics-changed', {}, {}, ['bounds']);
    });
    expect(await calls()).toEqual([
      'start',
      'power.suspended',
      'power.resumed',
      'power.locked',
      'power.unlocked',
      'power.displaysChanged',
      'power.displaysChanged',
    ]);
    await record();
    await desktop.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('shutdown')).catch(() => undefined); // it may end first
    expect(await desktop.exited).toBe(0);
  });

  it('asks before it ends a recording, and tells the agent when one starts', async () => {
    desktop = await launchDesktop({ folder, config: { notifyRecording: true } });
    await record();
    await record();
    expect((await desktop.observed()).notices).toEqual([{ title: 'Your screen is being recorded', body: '' }]);
    await desktop.click('Quit');
    await until('the question', async () => (await desktop.observed()).dialogs.length === 1);
    expect((await desktop.observed()).dialogs[0]).toMatchObject({
      message: 'Your screen is being recorded.',
      buttons: ['Keep recording', 'Quit'],
    });
    expect(await calls()).not.toContain('stop');

    await desktop.app.evaluate(() => void globalThis.observed.answers.push(1));
    await desktop.click('Quit');
    expect(await desktop.exited).toBe(0);
  });

  it('cannot be quit where that is switched off; a second start shows the window; SIGTERM ends it', async () => {
    desktop = await launchDesktop({ folder, config: { allowQuit: false } });
    expect(await desktop.menuLabels()).not.toContain('Quit');
    await desktop.app.evaluate(({ app }) => app.quit());
    expect(await calls()).toEqual(['start']);

    const opened = desktop.app.waitForEvent('window');
    const second = spawn(
      desktop.app.process().spawnfile,
      [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), join(folder, 'main.js'), '--config', join(desktop.home, 'config.json')],
      {
        cwd: ROOT,
        env: { ...process.env, ...desktop.variables },
        stdio: 'ignore',
      },
    );
    const secondExit = await new Promise((resolve) => second.once('exit', resolve));
    expect(secondExit).toBe(0);
    await (await opened).locator('h1').waitFor();

    process.kill(await desktop.app.evaluate(() => process.pid), 'SIGTERM');
    expect(await desktop.exited).toBe(0);
  });

  it('stays and says so when a port is taken, and reports a crash on disk', async () => {
    desktop = await launchDesktop({
      folder,
      env: { TEST_START_FAILURE: JSON.stringify({ code: 'portTaken', message: 'Port 8080 is taken.' }) },
    });
    await until('the problem', async () => (await desktop.observed()).tooltip.startsWith('Needs attention'));
    expect((await desktop.observed()).notices).toContainEqual(
      expect.objectContaining({ title: 'Another program uses the network port of this program' }),
    );
    await desktop.app.evaluate((_electron, problem) => globalThis.testHost.set({ problems: [problem] }), sampleProblem('portTaken'));
    expect((await desktop.observed()).notices).toHaveLength(1);

    await desktop.app.evaluate(({ app }) => {
      app.relaunch = () => undefined; // the test would have to end what is started
      setImmediate(() => {
        throw new Error('planted fault');
      });
    });
    expect(await desktop.exited).toBe(1);
    expect(await readdir(join(desktop.dataDirectory, 'logs'))).toContainEqual(expect.stringMatching(/^crash-main-\d+\.json$/));
  });
});
