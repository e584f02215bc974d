import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '../../src/shared/snapshot';
import { connected, running, sampleProblem, uploadJob } from '../fixtures/snapshots';
import { buildScriptedApp, launchDesktop, type LaunchedDesktop } from '../support/desktop-app';
import { until } from '../support/until';

describe('the tray', () => {
  let folder: string;
  let desktop: LaunchedDesktop;

  beforeAll(async () => {
    folder = await buildScriptedApp();
    desktop = await launchDesktop({ folder });
  });
  afterAll(async () => {
    await desktop?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() =>
    show({ session: { status: 'signedOut' }, recorder: { status: 'idle' }, problems: [], uploads: { jobs: [], pendingBytes: 0 } }),
  );

  const show = (parts: Partial<Snapshot>): Promise<void> => desktop.app.evaluate((_electron, next) => globalThis.testHost.set(next), parts);
  const calls = (): Promise<readonly string[]> => desktop.app.evaluate(() => [...globalThis.testHost.calls]);

  it.each<[string, Partial<Snapshot>, { tooltip: RegExp; lines: readonly RegExp[] }]>([
    ['signed out', {}, { tooltip: /^Signed out\n/, lines: [/^No agent is signed in$/, /^Not recording$/] }],
    [
      'ready',
      { session: connected },
      { tooltip: /^Ready\nConnected to rws\.example\.com/, lines: [/Ada Example \(agent1\) · Place 7/, /Primary.*since/] },
    ],
    [
      'recording',
      { session: connected, recorder: { status: 'recording', ...running } },
      { tooltip: /^Recording your screen\n/, lines: [/^Recording, [\d,]+ min$/] },
    ],
    [
      'paused',
      { session: connected, recorder: { status: 'paused', pausedSince: running.since, ...running } },
      { tooltip: /^Recording paused\n/, lines: [/^Paused: your screen is not being recorded, [\d,]+ min$/] },
    ],
    [
      'queued',
      { session: connected, uploads: { jobs: [uploadJob], pendingBytes: uploadJob.size } },
      { tooltip: /^Recordings waiting/, lines: [/^1 recording to upload \(50 MB\)$/] },
    ],
    [
      'problem',
      { session: connected, problems: [sampleProblem('diskFloor')] },
      { tooltip: /^Needs attention\nNot enough free disk space to record/, lines: [/^Not enough free disk space to record/] },
    ],
  ])('shows icon, tooltip and lines: %s', async (_name, parts, { tooltip, lines }) => {
    await show(parts);
    const observed = await desktop.observed();
    expect(observed.iconSize.width).toBeGreaterThan(0);
    expect(observed.tooltip).toMatch(tooltip);
    const labels = observed.menu.map(({ label }) => label);
    for (const line of lines) expect(labels).toContainEqual(expect.stringMatching(line));
  });

  it('offers the remedy of each problem', async () => {
    await show({ problems: [sampleProblem('uploadsStuck'), sampleProblem('rwsUnreachable')] });
    await desktop.click('Recordings cannot be uploaded', 'Upload now');
    await desktop.click('The recording server cannot be reached', 'Connect now');
    await until('the remedies', async () => (await calls()).includes('power.networkChanged'));
    expect(await calls()).toEqual(expect.arrayContaining(['retryUpload all', 'power.networkChanged']));
  });

  it('opens the logs', async () => {
    await desktop.click('Open logs');
    const logs = join(desktop.dataDirectory, 'logs');
    await until('the folder', async () => (await desktop.observed()).opened.includes(logs));
    expect((await stat(join(logs, 'screen-recording-service.log'))).size).toBeGreaterThan(0);
  });

  it('collects diagnostics where it is told to', async () => {
    const target = join(desktop.home, 'bundle.zip');
    await desktop.app.evaluate((_electron, path) => void globalThis.observed.answers.push(path), target);
    await desktop.click('Collect diagnostics…');
    await until('the bundle in its folder', async () => (await desktop.observed()).opened.includes(target), 30_000);
    expect((await stat(target)).size).toBeGreaterThan(500);
  });

  it('tells its version under About', async () => {
    await desktop.click('About');
    await until('the dialog', async () => (await desktop.observed()).dialogs.some(({ message }) => message.includes('1.2.3')));
  });

  it('shows "Start at login", which a checkout cannot change', async () => {
    const entry = (await desktop.observed()).menu.find(({ label }) => label === 'Start at login');
    expect(entry).toMatchObject({ type: 'checkbox', isEnabled: false });
  });

  it('opens the window by itself when a recording begins where nothing shows the icon', async () => {
    await show({});
    await Promise.all(desktop.app.windows().map((page) => page.close()));
    const opened = desktop.app.waitForEvent('window');
    await show({ session: connected, recorder: { status: 'recording', ...running, recordingId: 'rec-in-sight' } });
    await (await opened).locator('header[data-state=recording]').waitFor();
  });

  it('opens the window at a click', async () => {
    await Promise.all(desktop.app.windows().map((page) => page.close()));
    const opened = desktop.app.waitForEvent('window');
    await desktop.app.evaluate(() => globalThis.observed.clickTray());
    await (await opened).locator('h1').waitFor();
  });

  it('stays when the window is closed, and quits by its last item', async () => {
    await desktop.app.windows()[0]?.close();
    expect((await desktop.observed()).isTrayShown).toBe(true);
    await desktop.click('Quit');
    expect(await desktop.exited).toBe(0);
  });
});
