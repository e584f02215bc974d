import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComposedService } from '../../../src/service/create-service';
import type { UploadJobView } from '../../../src/shared/snapshot';
import { type RunningSimulator, ServiceRig } from '../../support/service-rig';
import { until } from '../../support/until';

const ANN = { userName: 'ann', password: 'ann-secret' };
const BOB = { userName: 'bob', password: 'bob-secret' };

/**
 * A recording belongs to the servers that commanded it. Whoever signs in at another one meanwhile, under whichever name, gets nothing of
 * it; the own one gets all of it when it is back.
 */
describe('a recording that waits for its own server', () => {
  let rig: ServiceRig;
  let a: RunningSimulator;
  let b: RunningSimulator;

  beforeEach(async () => {
    rig = await ServiceRig.create();
    a = await rig.startSimulator([ANN, BOB]);
    b = await rig.startSimulator([ANN, BOB]);
  });
  afterEach(() => rig.dispose());

  const both = (settings: Readonly<Record<string, string>> = {}): Promise<ComposedService> =>
    rig.start({ SRS_SERVER: a.server, SRS_ALLOWED_SERVERS: '["http://127.0.0.1"]', ...settings });
  const jobs = ({ service }: ComposedService): readonly UploadJobView[] => service.snapshot().uploads.jobs;
  const reached = ({ simulator }: RunningSimulator, recordingId: string): Promise<unknown> =>
    until(`${recordingId} at its server`, () => simulator.control.recordings().some((recording) => recording.recordingId === recordingId));

  /** Everything that server heard names only what it commanded itself. */
  function expectNothingOf(recordingId: string, { simulator: { control } }: RunningSimulator): void {
    expect(control.recordings().map((recording) => recording.recordingId)).not.toContain(recordingId);
    expect(control.reports().map((report) => report.recordingId)).not.toContain(recordingId);
    expect(control.requests().filter(({ path }) => path.includes(recordingId))).toEqual([]);
  }

  /** The queue works, and B gets what is its own. */
  async function recordAtB(composed: ComposedService, userName: string): Promise<void> {
    await rig.record(composed, b.simulator, 'rec-b', userName);
    b.simulator.control.stopRecording(userName);
    await reached(b, 'rec-b');
    await until('its report', () => b.simulator.control.reports().some(({ state }) => state === 'Uploaded'));
  }

  const CASES: readonly [string, { next: typeof ANN; settings?: Record<string, string>; logsOut?: boolean; restarts?: boolean }][] = [
    ['a namesake takes the seat', { next: ANN }],
    ['another agent takes the seat', { next: BOB }],
    ['a namesake signs in after the logout', { next: ANN, logsOut: true }],
    ['another agent signs in after the logout', { next: BOB, logsOut: true }],
    ['no login was kept', { next: ANN, logsOut: true, settings: { SRS_UPLOAD_AFTER_LOGOUT_MINUTES: '0' } }],
    ['only the own agent may', { next: ANN, logsOut: true, settings: { SRS_UPLOAD_BY_ANY_AGENT: 'false' } }],
    ['the service was started again meanwhile', { next: ANN, logsOut: true, restarts: true }],
  ];

  it.each(CASES)('when %s at another server', async (_what, { next, settings, logsOut = false, restarts = false }) => {
    let composed = await both(settings);
    const { sessionId } = await rig.signIn(composed, ANN);
    await rig.record(composed, a.simulator, 'rec-a', 'ann');
    await a.simulator.control.goOffline();
    if (logsOut) await composed.service.logout(sessionId);
    if (restarts) {
      await composed.stop();
      composed = await both(settings);
    }
    await rig.signIn(composed, next, { server: b.server });
    await recordAtB(composed, next.userName);
    expect(jobs(composed)).toMatchObject([{ recordingId: 'rec-a', userName: 'ann', state: { status: 'waiting' } }]);
    expect(await composed.service.retryUploads()).toBe(1);
    await a.simulator.control.goOnline();
    await rig.signIn(composed, ANN);
    await reached(a, 'rec-a');
    await until('an empty queue', () => jobs(composed).length === 0);
    expectNothingOf('rec-a', b);
    expectNothingOf('rec-b', a);
  });

  it('is uploaded with the kept login, and told of to nobody else', async () => {
    const composed = await both();
    const { sessionId } = await rig.signIn(composed, ANN);
    await rig.record(composed, a.simulator, 'rec-a', 'ann');
    await a.simulator.control.goOffline();
    await composed.service.logout(sessionId);
    await rig.signIn(composed, ANN, { server: b.server });
    await a.simulator.control.goOnline();
    await composed.service.retryUploads();
    await reached(a, 'rec-a');
    await until('an empty queue', () => jobs(composed).length === 0);
    await recordAtB(composed, 'ann');
    expectNothingOf('rec-a', b);
  });

  it('says where it may go', async () => {
    const composed = await both({ SRS_UPLOAD_AFTER_LOGOUT_MINUTES: '0' });
    const { sessionId } = await rig.signIn(composed, ANN);
    await rig.record(composed, a.simulator, 'rec-a', 'ann');
    await a.simulator.control.goOffline();
    await composed.service.logout(sessionId);
    await rig.signIn(composed, ANN, { server: b.server });
    expect(jobs(composed)[0]?.state).toEqual({ status: 'waiting', reason: `Waits for an agent to sign in at ${new URL(a.server).host}.` });
  });

  it('names the agent it waits for where only that one may carry it', async () => {
    const composed = await both({ SRS_UPLOAD_BY_ANY_AGENT: 'false', SRS_UPLOAD_AFTER_LOGOUT_MINUTES: '0' });
    const { sessionId } = await rig.signIn(composed, ANN);
    await rig.record(composed, a.simulator, 'rec-a', 'ann');
    await a.simulator.control.goOffline();
    await composed.service.logout(sessionId);
    expect(jobs(composed)[0]?.state).toEqual({ status: 'waiting', reason: `Waits for ann to sign in at ${new URL(a.server).host}.` });
  });

  it('that an older version left goes to a configured server only', async () => {
    const first = await both();
    const { sessionId } = await rig.signIn(first, ANN);
    await rig.record(first, a.simulator, 'rec-a', 'ann');
    await a.simulator.control.goOffline();
    await first.service.logout(sessionId);
    await first.stop();
    const folder = join(rig.dataDirectory, 'spool/jobs');
    const name = (await readdir(folder)).find((candidate) => candidate.endsWith('.json')) ?? '';
    const job = JSON.parse(await readFile(join(folder, name), 'utf8')) as Record<string, unknown>;
    expect(job['servers']).toEqual({ primary: a.server });
    const older = { ...job, servers: undefined, checksum: undefined };
    await writeFile(join(folder, name), JSON.stringify(older));
    const second = await both();
    await rig.signIn(second, ANN, { server: b.server });
    await recordAtB(second, 'ann');
    expect(jobs(second)).toMatchObject([{ recordingId: 'rec-a', state: { status: 'waiting' } }]);
    await a.simulator.control.goOnline();
    await rig.signIn(second, BOB);
    await reached(a, 'rec-a');
    expectNothingOf('rec-a', b);
  });
});

describe('a session that was kept over a restart', () => {
  let rig: ServiceRig;
  let a: RunningSimulator;
  beforeEach(async () => {
    rig = await ServiceRig.create();
    a = await rig.startSimulator([ANN]);
  });
  afterEach(() => rig.dispose());

  const isKept = (): boolean => [...rig.keychain.entries.keys()].some((account) => account.startsWith('agent-session'));

  it.each([
    ['another server is configured', { SRS_SERVER: 'http://127.0.0.1:9' }],
    ['no server is configured', {}],
    ['its server is not among the allowed ones', { SRS_ALLOWED_SERVERS: '["https://127.0.0.1"]' }],
  ])('sends nothing to its former server when %s', async (_what, settings) => {
    const before = await rig.start({ SRS_SERVER: a.server });
    await rig.signIn(before, ANN);
    await until('the session to be kept', isKept);
    await before.stop();
    const heard = a.simulator.control.requests().length;
    const after = await rig.start(settings);
    await until('it to be forgotten', () => !isKept());
    expect(after.service.snapshot().session).toEqual({ status: 'signedOut' });
    expect(a.simulator.control.requests()).toHaveLength(heard);
  });

  it('refuses every server while none is configured, and shows it', async () => {
    const composed = await rig.start({});
    await expect(rig.signIn(composed, ANN, { server: a.server })).rejects.toMatchObject({ code: 'serverRefused' });
    expect(composed.service.snapshot().problems).toMatchObject([
      { code: 'noConfiguration', remedy: expect.stringContaining('allowedServers') },
    ]);
    expect(a.simulator.control.requests()).toEqual([]);
  });
});

describe('the two data centres of a server', () => {
  let rig: ServiceRig;
  beforeEach(async () => (rig = await ServiceRig.create()));
  afterEach(() => rig.dispose());

  it('are the same pair in the other order and in another spelling', async () => {
    const dc = await rig.startSimulator([ANN], { isPair: true });
    const { server, peer = '' } = dc;
    const first = await rig.start({ SRS_SERVER: server, SRS_PEER_SERVER: peer, SRS_UPLOAD_AFTER_LOGOUT_MINUTES: '0' });
    const { sessionId } = await rig.signIn(first, ANN);
    await rig.record(first, dc.simulator, 'rec-1', 'ann');
    await dc.simulator.control.goOffline('primary');
    await dc.simulator.control.goOffline('peer');
    await first.service.logout(sessionId);
    await first.stop();
    await dc.simulator.control.goOnline('peer');
    const second = await rig.start({ SRS_SERVER: `${peer.replace('http', 'HTTP')}/`, SRS_PEER_SERVER: `${server}//` });
    await rig.signIn(second, ANN);
    await until('the recording at the peer', () => dc.simulator.control.recordings().length === 1);
  });
});
