import { EventEmitter } from 'node:events';
import type { InstallAttempt } from '../../../../src/desktop/updates/install-attempts';
import { isIdle, Updater } from '../../../../src/desktop/updates/updater';
import { silentLogger } from '../../../../src/lib/logger';
import type { Snapshot } from '../../../../src/shared/snapshot';
import { describeRaised, type RaisedProblem } from '../../../../src/shared/problem-catalogue';
import { FakeClock, settle } from '../../../fakes/fake-clock';
import { connected, running, sampleSnapshot, SAMPLE_TIME, uploadJob } from '../../../fixtures/snapshots';

function create(start: Partial<Snapshot> = {}) {
  const calls: string[] = [];
  const clock = new FakeClock();
  const state = {
    snapshot: sampleSnapshot(start),
    failure: undefined as Error | undefined,
    download: undefined as Promise<string[]> | undefined,
    installation: undefined as Error | undefined,
    attempt: undefined as InstallAttempt | undefined,
  };
  const source = Object.assign(new EventEmitter(), {
    autoDownload: false,
    autoInstallOnAppQuit: true,
    setFeedURL: (feed: unknown) => void calls.push(JSON.stringify(feed)),
    checkForUpdates: async () => {
      calls.push('check');
      if (state.failure) throw state.failure;
      return { downloadPromise: state.download };
    },
    quitAndInstall: () => {
      calls.push('install');
      if (state.installation) source.emit('error', state.installation);
    },
  });
  const updater = new Updater({
    updater: source as unknown as ConstructorParameters<typeof Updater>[0]['updater'],
    url: 'https://updates.example.com',
    snapshot: () => state.snapshot,
    stop: async () => {
      calls.push('stop');
      updater.stop();
    },
    restart: () => void calls.push('restart'),
    attempts: { last: async () => state.attempt, note: async (attempt) => void (state.attempt = attempt) },
    clock,
    problems: {
      raise: (code, facts) => {
        calls.push(`raise ${code}`);
        texts.push(describeRaised({ code, facts } as RaisedProblem).text);
      },
      clear: (code) => void calls.push(`clear ${code}`),
    },
    log: silentLogger,
  });
  const texts: string[] = [];
  return { calls, texts, clock, source, state, updater };
}

describe('updates', () => {
  it.each<[string, boolean, Partial<Snapshot>]>([
    ['nobody is signed in', true, {}],
    ['recordings only wait', true, { uploads: { jobs: [uploadJob], pendingBytes: 1 } }],
    ['an agent is signed in', false, { session: connected }],
    ['a recording runs', false, { recorder: { status: 'recording', ...running } }],
    ['a recording is finished', false, { recorder: { status: 'finishing', recordingId: 'r', userName: 'a', since: SAMPLE_TIME } }],
    [
      'an upload is on its way',
      false,
      { uploads: { jobs: [{ ...uploadJob, state: { status: 'uploading', sent: 1, total: 2 } }], pendingBytes: 1 } },
    ],
  ])('when %s, may be installed: %s', (_name, expected, parts) => {
    expect(isIdle(sampleSnapshot(parts))).toBe(expected);
  });

  it('wait for the end of the recording, then install, and never by quitting', async () => {
    const { calls, clock, source, state, updater } = create({ recorder: { status: 'recording', ...running } });
    updater.start();
    await settle();
    source.emit('update-downloaded', { version: '2.0.0' });
    await clock.advance(10 * 60_000);
    expect(calls).not.toContain('install');
    state.snapshot = sampleSnapshot();
    await clock.advance(60_000);
    expect(calls.slice(-2)).toEqual(['stop', 'install']);
    expect(source.autoInstallOnAppQuit).toBe(false);
  });

  it('show a failed check, and look again in four hours', async () => {
    const { calls, clock, state, updater } = create();
    state.failure = new Error('no feed');
    updater.start();
    await settle();
    expect(calls).toEqual([expect.stringContaining('updates.example.com'), 'check', 'raise updateFailed']);
    await clock.advance(4 * 3600_000);
    expect(calls.filter((call) => call === 'check')).toHaveLength(2);
    updater.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('show a download that fails after the check succeeded, with the first line of the reason', async () => {
    const { calls, texts, state, updater } = create();
    state.download = Promise.reject(new Error('sha512 checksum mismatch\nheaders: …'));
    updater.start();
    await settle();
    expect(calls).not.toContain('clear updateFailed');
    expect(texts).toEqual([expect.stringMatching(/: sha512 checksum mismatch$/)]);
    state.download = Promise.resolve([]);
    await updater.check();
    expect(calls.at(-1)).toBe('clear updateFailed');
  });

  it('show what electron-updater reports by itself', async () => {
    const { calls, source, updater } = create();
    updater.start();
    await settle();
    source.emit('error', new Error('the signature is not the publisher’s'));
    expect(calls.at(-1)).toBe('raise updateFailed');
  });

  it.each<[string, Error | undefined, number]>([
    ['the installer fails', new Error('EACCES'), 0],
    ['nothing ends the process', undefined, 120_000],
  ])('start the service again when %s', async (_name, failure, afterMs) => {
    const { calls, clock, source, state, updater } = create();
    state.installation = failure;
    updater.start();
    await settle();
    source.emit('update-downloaded', { version: '2.0.0' });
    await clock.advance(afterMs);
    expect(calls.slice(-3)).toEqual(['stop', 'install', 'restart']);
    source.emit('error', new Error('once more'));
    await clock.advance(24 * 3600_000);
    expect(calls.filter((call) => call === 'restart')).toHaveLength(1);
  });

  it('are not installed again at once when the same version did not install; a day later, or with another version, they are', async () => {
    const { calls, texts, clock, source, state, updater } = create();
    state.attempt = { version: '2.0.0', at: new Date(clock.now() - 60_000).toISOString() };
    updater.start();
    await settle();
    source.emit('update-downloaded', { version: '2.0.0' });
    await settle();
    expect(calls).not.toContain('install');
    expect(texts.at(-1)).toMatch(/version 2\.0\.0 did not install/);
    await clock.advance(24 * 3600_000);
    source.emit('update-downloaded', { version: '2.0.0' });
    await settle();
    expect(calls.slice(-2)).toEqual(['stop', 'install']);
    expect(state.attempt).toEqual({ version: '2.0.0', at: new Date(clock.now()).toISOString() });
  });

  it('are installed when the last try is dated ahead of now: the clock was wrong then', async () => {
    const { calls, clock, source, state, updater } = create();
    state.attempt = { version: '2.0.0', at: new Date(clock.now() + 3600_000).toISOString() };
    updater.start();
    await settle();
    source.emit('update-downloaded', { version: '2.0.0' });
    await settle();
    expect(calls.slice(-2)).toEqual(['stop', 'install']);
    expect(state.attempt).toEqual({ version: '2.0.0', at: new Date(clock.now()).toISOString() });
  });

  it('that wait for the agent are not lost by another check', async () => {
    const { calls, clock, source, state, updater } = create({ session: connected });
    updater.start();
    await settle();
    source.emit('update-downloaded', { version: '2.0.0' });
    await settle();
    state.failure = new Error('no feed');
    await updater.check();
    state.snapshot = sampleSnapshot();
    await clock.advance(60_000);
    expect(calls.slice(-2)).toEqual(['stop', 'install']);
  });
});
