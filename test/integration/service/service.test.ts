import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../../../src/lib/secret';
import type { ComposedService } from '../../../src/service/create-service';
import type { Simulator } from '../../../src/simulator/create-simulator';
import type { FakeKeychain } from '../../fakes/fake-keychain';
import type { MaterialCapture } from '../../fakes/material-capture';
import { probeMedia } from '../../support/media-file';
import { ServiceRig } from '../../support/service-rig';
import { until } from '../../support/until';

const ANN = { userName: 'ann', password: 'ann-secret' };
const BOB = { userName: 'bob', password: 'bob-secret' };

/** Session, recorder, spool and uploads as one, on a real RWS and real files; only the picture is made beforehand. */
describe('the service', () => {
  let rig: ServiceRig;
  let directory: string;
  let simulator: Simulator;
  let server: string;
  let keychain: FakeKeychain;
  let capture: MaterialCapture;

  beforeEach(async () => {
    rig = await ServiceRig.create();
    ({ directory, keychain, capture } = rig);
    ({ simulator, server } = await rig.startSimulator([ANN, BOB]));
  });
  afterEach(() => rig.dispose());

  const startService = (settings: Readonly<Record<string, string>> = {}): Promise<ComposedService> =>
    rig.start({ SRS_SERVER: server, ...settings });
  const signIn = (composed: ComposedService, account: typeof ANN) => rig.signIn(composed, account);
  const record = (composed: ComposedService, recordingId: string, userName = 'ann'): Promise<void> =>
    rig.record(composed, simulator, recordingId, userName);

  const received = (count: number) =>
    until(`${count} recordings at RWS`, () =>
      simulator.control.recordings().length >= count ? simulator.control.recordings() : undefined,
    );
  const statesOf = (recordingId: string): string[] =>
    simulator.control
      .reports()
      .filter((report) => report.recordingId === recordingId)
      .map(({ state }) => state);

  it('shows that no server is configured when a login names none, until one does', async () => {
    const { service } = await startService({ SRS_SERVER: '', SRS_ALLOWED_SERVERS: '["http://127.0.0.1"]' });
    const login = (named: { server?: string }) =>
      service.login({ credentials: { userName: 'ann', password: new Secret(ANN.password) }, details: { devices: [] }, ...named });
    await expect(login({})).rejects.toThrow('No RWS is known');
    expect(service.snapshot().problems.map(({ code }) => code)).toContain('noConfiguration');
    await login({ server });
    expect(service.snapshot().problems.map(({ code }) => code)).not.toContain('noConfiguration');
  });

  it.each([
    ['its own version', {}, '8.5.102.03'],
    ['the configured version', { SRS_REPORTED_VERSION: '8.5.302.14' }, '8.5.302.14'],
  ])('gives %s to desktop and RWS', async (_what, settings, version) => {
    const composed = await startService(settings);
    expect(composed.service.snapshot()).toMatchObject({ version, packageVersion: '1.2.3' });
    await signIn(composed, ANN);
    await record(composed, 'r1');
    const report = await until('the report', () => simulator.control.reports()[0]);
    expect(report).toMatchObject({ clientVersion: version });
  });

  it('keeps the capture warm while an agent is signed in, and only then', async () => {
    const composed = await startService();
    expect(capture.isWarm).toBe(false);
    const { sessionId } = await signIn(composed, ANN);
    expect(capture.isWarm).toBe(true);
    await composed.service.logout(sessionId);
    expect(capture.isWarm).toBe(false);
  });

  it('warms the capture again when it did not come up at the login', async () => {
    capture.warmFailures.push(new Error('No browser'));
    await signIn(await startService(), ANN);
    expect(capture.isWarm).toBe(false);
    await until('the capture to be warm', () => capture.isWarm);
  });

  it('records, uploads, reports each fact, and leaves nothing in the spool', async () => {
    const composed = await startService();
    await signIn(composed, ANN);
    await record(composed, 'rec-1');
    simulator.control.stopRecording('ann');
    const [recording] = await received(1);
    expect(recording).toMatchObject({ recordingId: 'rec-1', uploadedBy: 'ann' });
    expect(await probeMedia(simulator.control.mediaPath(recording?.mediaId ?? '') ?? '')).toMatchObject({ codec: 'h264', frames: 15 });
    await until('every report', () => statesOf('rec-1').length === 3);
    expect(statesOf('rec-1')).toEqual(['Recording', 'Recorded', 'Uploaded']);
    expect(simulator.control.reports()[0]).toMatchObject({ clientVersion: '8.5.102.03' });
    await until('an empty queue', () => composed.service.snapshot().uploads.jobs.length === 0);
    expect(composed.service.snapshot().history.map(({ event }) => event)).toEqual(['recorded', 'uploaded']);
    const left = (await readdir(join(directory, 'data/spool'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(left.map(({ name }) => name)).toEqual([]);
  });

  it('hot seating: ann’s recording is finished under ann, then bob has the session', async () => {
    const composed = await startService();
    const ann = await signIn(composed, ANN);
    await record(composed, 'rec-ann');
    const bob = await signIn(composed, BOB);
    expect(bob.sessionId).not.toBe(ann.sessionId);
    expect(composed.service.current()?.user.userName).toBe('bob');
    const [recording] = await received(1);
    expect(recording).toMatchObject({ recordingId: 'rec-ann', uploadedBy: 'ann' });
    expect(recording?.metadata).toMatchObject({ mediaFiles: [{ parameters: { contact: { userName: 'ann' } } }] });
    await until(
      'bob alone to be connected',
      () =>
        simulator.control
          .agents()
          .map(({ userName }) => userName)
          .join() === 'bob',
    );
  });

  it('notes a late failure under the agent it was recorded for, whoever records by then', async () => {
    const { recorder, service } = await startService();
    let end: () => void = () => undefined;
    capture.stopGate = new Promise((resolve) => (end = resolve));
    capture.isSilent = true;
    recorder.handle({ type: 'start', recording: { id: 'rec-ann' } }, { userName: 'ann' });
    await until('the first recording', () => recorder.state().status === 'recording');
    recorder.handle({ type: 'stop', recordingId: 'rec-ann' }, { userName: 'ann' });
    recorder.handle({ type: 'start', recording: { id: 'rec-bob' } }, { userName: 'bob' });
    end();
    const failed = await until('the failure', () => service.snapshot().history.find(({ event }) => event === 'failed'));
    expect(failed).toMatchObject({ recordingId: 'rec-ann', userName: 'ann' });
  });

  it('refused credentials of another agent leave session and recording untouched', async () => {
    const composed = await startService();
    const ann = await signIn(composed, ANN);
    await record(composed, 'rec-1');
    await expect(signIn(composed, { ...BOB, password: 'wrong' })).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(composed.service.current()?.sessionId).toBe(ann.sessionId);
    expect(composed.service.snapshot().recorder.status).toBe('recording');
  });

  it('logout finishes the recording, uploads it with the kept login, and forgets the credentials', async () => {
    const composed = await startService();
    const { sessionId } = await signIn(composed, ANN);
    await until('the credentials to be kept', () => [...keychain.entries.values()].some((entry) => entry.reveal().includes(ANN.password)));
    await record(composed, 'rec-1');
    await composed.service.logout(sessionId);
    expect(composed.service.snapshot().session).toEqual({ status: 'signedOut' });
    expect([...keychain.entries.values()].some((entry) => entry.reveal().includes(ANN.password))).toBe(false);
    await received(1);
    expect(simulator.control.agents()).toEqual([]);
  });

  it('a recording that could not be sent goes with the next agent’s login', async () => {
    const first = await startService({ SRS_UPLOAD_AFTER_LOGOUT_MINUTES: '0' });
    const { sessionId } = await signIn(first, ANN);
    await record(first, 'rec-ann');
    await simulator.control.goOffline();
    await first.service.logout(sessionId);
    await until('the job in the queue', () => first.service.snapshot().uploads.jobs.length === 1);
    await simulator.control.goOnline();
    await signIn(first, BOB);
    const [recording] = await received(1);
    expect(recording).toMatchObject({ recordingId: 'rec-ann', uploadedBy: 'bob' });
    expect(recording?.metadata).toMatchObject({ mediaFiles: [{ parameters: { contact: { userName: 'ann' } } }] });
  });

  it('after a restart the session is back without the desktop, and obeys the next start', async () => {
    const first = await startService();
    await signIn(first, ANN);
    await first.stop();
    const second = await startService();
    await until('the session to be back', () => second.service.snapshot().session.status === 'connected');
    expect(second.service.current()?.verify({ userName: 'ann', password: new Secret(ANN.password) })).toBe(true);
    await record(second, 'rec-2');
    simulator.control.stopRecording('ann', 'rec-2');
    await received(1);
  });

  it('a keychain that waits for a person costs no recording: sealed by the file’s key, and by the keychain’s once it is unlocked', async () => {
    let refuse: (error: Error) => void = () => undefined;
    keychain.hangs = new Promise<void>((_resolve, reject) => (refuse = reject));
    const composed = await startService();
    await signIn(composed, ANN);
    simulator.control.startRecording('ann', { recordingId: 'rec-1' });
    refuse(new Error('no answer within 5 s'));
    await until('the recorder to record', () => composed.service.snapshot().recorder.status === 'recording');
    const shown = (): readonly string[] => composed.service.snapshot().problems.map(({ code }) => code);
    await until('both problems', () => ['keychainUnavailable', 'recordingKeyInFile'].every((code) => shown().includes(code)));
    keychain.hangs = undefined;
    keychain.unlock();
    await until('no problem', () => shown().length === 0);
    expect((await readdir(join(directory, 'data'))).filter((name) => name.startsWith('spool-key'))).toEqual([]);
    await until('the session to be kept', () => [...keychain.entries.keys()].some((name) => name.startsWith('agent-session:')));
    simulator.control.stopRecording('ann', 'rec-1');
    await received(1);
    await record(composed, 'rec-2');
    simulator.control.stopRecording('ann', 'rec-2');
    expect((await received(2)).map(({ recordingId }) => recordingId)).toEqual(['rec-1', 'rec-2']);
  });

  it('when polls stop: the recording is finished and uploaded, commands are refused, a new login reconnects', async () => {
    const composed = await startService({ SRS_PING_TIMEOUT_SECONDS: '0.3' });
    const { sessionId } = await signIn(composed, ANN);
    await record(composed, 'rec-1');
    composed.service.poll(sessionId);
    await until('the session to expire', () => composed.service.snapshot().session.status === 'expired');
    expect(composed.service.current()).toBeUndefined();
    await received(1);
    await until('RWS to have no session', () => simulator.control.agents().length === 0);
    await signIn(composed, ANN);
    expect(composed.service.snapshot().session.status).toBe('connected');
  });

  it('ending within an upload costs no try, and what was recorded is reported', async () => {
    const composed = await startService({ SRS_UPLOAD_MAX_KILOBITS_PER_SECOND: '64' });
    await signIn(composed, ANN);
    await record(composed, 'rec-1');
    simulator.control.stopRecording('ann');
    await until('the middle of the upload', () => {
      const state = composed.service.snapshot().uploads.jobs[0]?.state;
      return state?.status === 'uploading' && state.sent > 0;
    });
    await composed.stop();
    const jobs = join(directory, 'data/spool/jobs');
    const sidecar = (await readdir(jobs)).find((name) => name.endsWith('.json')) ?? '';
    expect(JSON.parse(await readFile(join(jobs, sidecar), 'utf8'))).toMatchObject({ recordingId: 'rec-1', attempts: 0 });
    expect(statesOf('rec-1')).toEqual(['Recording', 'Recorded']);
    await startService();
    await received(1);
  });

  it('shows a recording that is put aside while it runs', async () => {
    const folder = join(directory, 'data/spool/recordings/torn');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'journal.json'), '{');
    const { service } = await startService();
    const problem = await until('the problem', () => service.snapshot().problems.find(({ code }) => code === 'uploadsStuck'));
    expect(problem.text).toContain('one recording cannot be read');
    expect(await readdir(join(directory, 'data/spool/damaged'))).toEqual(['torn']);
  });
});
