import { EventEmitter } from 'node:events';
import { isIdle, Updater } from '../../../../src/desktop/updates/updater';
import { silentLogger } from '../../../../src/lib/logger';
import type { Snapshot } from '../../../../src/shared/snapshot';
import { FakeClock, settle } from '../../../fakes/fake-clock';
import { connected, running, sampleSnapshot, SAMPLE_TIME, uploadJob } from '../../../fixtures/snapshots';

function create(start: Partial<Snapshot> = {}) {
  const calls: string[] = [];
  const clock = new FakeClock();
  const state = { snapshot: sampleSnapshot(start), failure: undefined as Error | undefined };
  const source = Object.assign(new EventEmitter(), {
    autoDownload: false,
    autoInstallOnAppQuit: true,
    setFeedURL: (feed: unknown) => void calls.push(JSON.stringify(feed)),
    checkForUpdates: async () => {
      calls.push('check');
      if (state.failure) throw state.failure;
      return null;
    },
    downloadUpdate: async () => [],
    quitAndInstall: () => void calls.push('install'),
  });
  const updater = new Updater({
    updater: source as unknown as ConstructorParameters<typeof Updater>[0]['updater'],
    url: 'https://updates.example.com',
    snapshot: () => state.snapshot,
    stop: async () => void calls.push('stop'),
    clock,
    problems: { raise: ({ code }) => void calls.push(`raise ${code}`), clear: () => undefined },
    log: silentLogger,
  });
  return { calls, clock, source, state, updater };
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
});
