import { createHash, randomBytes } from 'node:crypto';
import { uploadSchema } from '../../../src/config/schema';
import { FakeClock } from '../../fakes/fake-clock';
import { exampleJob } from '../../fakes/fake-job-store';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

const HALF_AN_HOUR = 30 * 60_000;

describe('the upload queue', () => {
  let rig: UploadRig;
  beforeEach(async () => {
    rig = await createUploadRig();
  });
  afterEach(() => rig.dispose());

  it.each([4_000, 16_000])('stays within 10 %% of a limit of %d kbit/s', async (maxKilobitsPerSecond) => {
    const bytes = (maxKilobitsPerSecond / 8) * 1000 * 2;
    await rig.signIn('ann');
    rig.jobs.create('limited', randomBytes(bytes));
    const queue = rig.createQueue({ config: uploadSchema.parse({ maxKilobitsPerSecond }) });
    const startedAt = performance.now();
    await queue.start();
    await until('the upload', () => rig.uploaded.length === 1);
    const rate = (bytes * 8) / (performance.now() - startedAt);
    expect(rate).toBeLessThan(maxKilobitsPerSecond * 1.1);
    expect(rate).toBeGreaterThan(maxKilobitsPerSecond * 0.9);
  });

  it('shows progress and an estimate while it uploads', async () => {
    await rig.signIn('ann');
    const { size } = rig.jobs.create('shown', randomBytes(500_000));
    const queue = rig.createQueue({ config: uploadSchema.parse({ maxKilobitsPerSecond: 4_000 }) });
    const seen: unknown[] = [];
    queue.onState(({ jobs }) => seen.push(jobs[0]?.state));
    await queue.start();
    await until('the upload', () => rig.uploaded.length === 1);
    expect(seen).toContainEqual({ status: 'uploading', sent: expect.any(Number), total: size, estimatedSeconds: expect.any(Number) });
  });

  it('breaks off when the machine goes to sleep and goes on when it wakes, without counting it as a failure', async () => {
    await rig.signIn('ann');
    rig.jobs.create('slept', randomBytes(400_000));
    const queue = rig.createQueue({ config: uploadSchema.parse({ maxKilobitsPerSecond: 8_000 }) });
    await queue.start();
    await until('its first bytes', () => {
      const state = queue.state().jobs[0]?.state;
      return state?.status === 'uploading' && state.sent > 0;
    });
    expect(rig.logins.held).toBe(1);
    queue.suspended();
    await until('the break', () => queue.state().jobs[0]?.state.status === 'ready');
    expect(rig.logins.held).toBe(0);
    expect(rig.received()).toEqual([]);
    queue.resumed();
    await until('the upload', () => rig.uploaded.length === 1);
    expect(rig.failed).toEqual([]);
  });

  it.each([
    ['fails', async () => rig.simulator.control.faults.add({ target: 'upload', action: { type: 'answer', status: 503 } })],
    ['refuses the login', async () => rig.simulator.control.faults.add({ action: { type: 'answer', status: 401, statusCode: 20 } })],
    ['is away', () => rig.simulator.control.goOffline()],
  ])('does not count a night’s sleep when RWS %s before and after it', async (_name, fail) => {
    const clock = new FakeClock();
    await rig.signIn('ann');
    await fail();
    rig.jobs.create('slept', randomBytes(1000));
    const queue = rig.createQueue({ clock, random: () => 0.999 });
    const isHeld = (): boolean => queue.state().jobs[0]?.state.status === 'waiting';
    await queue.start();
    await until('a failed try', isHeld);
    queue.suspended();
    await clock.advance(8 * 3_600_000);
    expect(rig.problems.raised.has('uploadsStuck')).toBe(false);
    queue.resumed();
    await until('the next failed try', isHeld);
    await clock.advance(60_000);
    expect(rig.problems.raised.has('uploadsStuck')).toBe(false);
    for (let minutes = 0; minutes < 20; minutes += 5) {
      await until('the next failed try', isHeld);
      await clock.advance(300_000);
    }
    await until('the problem', () => rig.problems.raised.has('uploadsStuck'));
  });

  it('waits visibly while nobody is signed in, and begins when somebody is', async () => {
    rig.jobs.create('waiting', randomBytes(1000));
    const queue = rig.createQueue();
    await queue.start();
    expect(queue.state()).toMatchObject({
      jobs: [{ mediaId: 'waiting', state: { status: 'waiting', reason: expect.stringContaining('sign in') } }],
      pendingBytes: 1000,
    });
    expect(queue.hasWorkFor(({ userName }) => userName === 'ann')).toBe(true);
    await rig.signIn('ann');
    await until('the upload', () => rig.uploaded.length === 1);
    expect(queue.hasWorkFor(({ userName }) => userName === 'ann')).toBe(false);
  });

  it('lets the next agent carry what is left, naming the recorded one', async () => {
    await rig.signIn('ben');
    rig.jobs.create('of-ann', randomBytes(1000), { userName: 'ann' });
    await rig.createQueue().start();
    await until('the upload', () => rig.uploaded.length === 1);
    expect(rig.received()[0]).toMatchObject({
      uploadedBy: 'ben',
      metadata: { mediaFiles: [{ parameters: { contact: { userName: 'ann' } } }] },
    });
  });

  it('waits for its own agent when RWS takes it from nobody else, and lets others pass', async () => {
    rig.simulator.control.setStrict({ ownUploadsOnly: true });
    await rig.signIn('ben');
    rig.jobs.create('of-ann', randomBytes(1000), { userName: 'ann', createdAt: 1 });
    rig.jobs.create('of-ben', randomBytes(1000), { userName: 'ben', createdAt: 2 });
    const queue = rig.createQueue();
    await queue.start();
    await until('the other upload', () => rig.uploaded.length === 1);
    expect(rig.uploaded).toEqual(['of-ben']);
    expect(queue.state().jobs).toMatchObject([{ mediaId: 'of-ann', state: { status: 'waiting', reason: expect.stringContaining('ann') } }]);
    await rig.signIn('ann');
    await until('both', () => rig.uploaded.length === 2);
    expect(rig.received().at(-1)).toMatchObject({ mediaId: 'of-ann', uploadedBy: 'ann' });
  });

  it('asks once with the login of a name in other case, and waits for the very name where RWS tells them apart', async () => {
    await rig.dispose();
    const accounts = ['ann', 'Ann'].map((userName) => ({ userName, password: 'secret', contactCenterId: 'cc-1' }));
    rig = await createUploadRig({ simulator: { accounts } });
    rig.logins.byAnyAgent = false;
    rig.jobs.create('first', randomBytes(1000), { userName: 'ann', createdAt: 1 });
    await rig.signIn('Ann');
    const queue = rig.createQueue();
    await queue.start();
    await until('the upload by the other spelling', () => rig.uploaded.length === 1);
    rig.simulator.control.setStrict({ ownUploadsOnly: true });
    const job = rig.jobs.create('second', randomBytes(1000), { userName: 'ann', createdAt: 2 });
    const forms = (): number => rig.simulator.control.requests().filter(({ path }) => path.includes('/content/second')).length;
    queue.add(job);
    await until('the refusal', () => queue.state().jobs[0]?.state.status === 'waiting');
    queue.lookAgain();
    expect(queue.state().jobs[0]?.state).toEqual({ status: 'waiting', reason: expect.stringContaining('ann') });
    expect([rig.failed, forms()]).toEqual([[], 1]);
    await rig.signIn('ann');
    await until('its own agent’s upload', () => rig.uploaded.length === 2);
  });

  it('stops using a login that RWS no longer accepts, and goes on with the next', async () => {
    await rig.signIn('ann');
    rig.simulator.control.faults.add({
      userName: 'ann',
      action: { type: 'answer', status: 401, statusCode: 20, statusMessage: 'Not authenticated' },
    });
    rig.jobs.create('kept', randomBytes(1000));
    const queue = rig.createQueue();
    await queue.start();
    await until('the refusal', () => queue.state().jobs[0]?.state.status === 'waiting');
    const before = rig.simulator.control.requests().length;
    expect(queue.state().jobs[0]?.state).toMatchObject({ status: 'waiting', reason: expect.stringContaining('ann') });
    rig.logins.signOut('ann');
    await rig.signIn('ben');
    await until('the upload', () => rig.uploaded.length === 1);
    expect(rig.simulator.control.requests().length - before).toBeLessThan(6);
  });

  it('tries a refused login again after half an hour, and shows one that stays refused', async () => {
    const clock = new FakeClock();
    await rig.dispose();
    rig = await createUploadRig({ clock });
    await rig.signIn('ann');
    rig.simulator.control.faults.add({
      userName: 'ann',
      action: { type: 'answer', status: 401, statusCode: 20, statusMessage: 'Not authenticated' },
    });
    rig.jobs.create('kept', randomBytes(1000));
    const queue = rig.createQueue({ clock });
    await queue.start();
    const refused = (): boolean => queue.state().jobs[0]?.state.status === 'waiting';
    await until('the refusal', refused);
    const nextTry = new Date(clock.now() + HALF_AN_HOUR).toISOString();
    expect(queue.state().jobs[0]?.state).toEqual({ status: 'waiting', nextTry, reason: expect.stringContaining('ann') });
    await clock.advance(14 * 60_000);
    expect(rig.problems.raised.has('uploadsStuck')).toBe(false);
    await clock.advance(2 * 60_000);
    expect(rig.problems.raised.get('uploadsStuck')?.text).toContain('ann');

    for (let leftMs = HALF_AN_HOUR - 16 * 60_000, tries = 0; tries < 3; tries += 1, leftMs = HALF_AN_HOUR) {
      const before = rig.simulator.control.requests().length;
      await clock.advance(leftMs - 1);
      expect(refused()).toBe(true);
      await clock.advance(1);
      await until('the next refusal', refused);
      // Only the login is asked about, once: this must lock no account.
      expect(
        rig.simulator.control
          .requests()
          .slice(before)
          .map(({ method, path }) => `${method} ${path}`),
      ).toEqual(['GET /api/v2/me']);
    }

    rig.simulator.control.faults.clear();
    await clock.advance(HALF_AN_HOUR);
    await until('the upload', () => rig.uploaded.length === 1);
    expect(rig.problems.raised.has('uploadsStuck')).toBe(false);
  });

  it('shows that RWS names no contact centre, after a while', async () => {
    const clock = new FakeClock(Date.now());
    const { http } = await rig.login('ann');
    rig.logins.signIn({ userName: 'ann', http });
    rig.jobs.create('unaddressed', randomBytes(1000), { createdAt: clock.now() });
    const queue = rig.createQueue({ clock });
    await queue.start();
    expect(queue.state().jobs[0]?.state).toMatchObject({ status: 'waiting', reason: expect.stringContaining('contact centre') });
    await clock.advance(14 * 60_000);
    expect(rig.problems.raised.has('uploadsStuck')).toBe(false);
    await clock.advance(60_000);
    expect(rig.problems.raised.get('uploadsStuck')).toMatchObject({
      text: expect.stringContaining('contact centre'),
      remedy: expect.stringContaining('assigned'),
    });
    await rig.signIn('ann');
    await until('the upload', () => rig.uploaded.length === 1);
    expect(rig.problems.raised.has('uploadsStuck')).toBe(false);
  });

  it('reports "Uploaded" once, when the last segment of a finished recording is there', async () => {
    let end: () => void = () => undefined;
    const recorded = new Promise<void>((resolve) => (end = resolve));
    const jobs = Object.assign(rig.jobs, { whenRecorded: () => recorded });
    await rig.signIn('ann');
    const queue = rig.createQueue({ jobs });
    await queue.start();
    queue.add(jobs.create('segment-1', randomBytes(1000), { recordingId: 'long' }));
    await until('the first segment', () => rig.uploaded.length === 1);
    queue.add(jobs.create('segment-2', randomBytes(1000), { recordingId: 'long' }));
    await until('the second segment', () => rig.uploaded.length === 2);
    expect(rig.logins.reports).toEqual([]);
    end();
    await until('the report', () => rig.logins.reports.length > 0);
    expect(rig.logins.reports).toEqual([expect.objectContaining({ recordingId: 'long', state: 'Uploaded' })]);
  });

  it('tries a quarantined recording again when asked to', async () => {
    await rig.signIn('ann');
    rig.simulator.control.setStrict({ maxUploadBytes: 100 });
    rig.jobs.create('large', randomBytes(1000));
    const queue = rig.createQueue();
    await queue.start();
    await until('the quarantine', () => rig.failed.length === 1);
    expect(rig.logins.reports).toEqual([expect.objectContaining({ state: 'Failed' })]);
    expect(queue.state().pendingBytes).toBe(0);
    rig.simulator.control.setStrict({ maxUploadBytes: 0 });
    await queue.retry('large');
    await until('the upload', () => rig.uploaded.length === 1);
    expect(rig.problems.raised.has('uploadsStuck')).toBe(false);
  });

  describe('past the retention limit', () => {
    const createdAt = Date.now() - 15 * 86_400_000;

    it('ends attempts that fail, but keeps the recording', async () => {
      const old = rig.jobs.create('old', randomBytes(1000), { createdAt });
      await rig.signIn('ann');
      rig.simulator.control.faults.add({ target: 'upload', action: { type: 'answer', status: 503 } });
      const queue = rig.createQueue({ retentionDays: 14, random: () => 0.0005 });
      await queue.start();
      await until('the quarantine', () => rig.failed.length === 1);
      expect(rig.failed[0]?.reason).toMatch(/14 days.*503/);
      expect(rig.jobs.jobs.get('old')).toMatchObject({ sha256: old.sha256, quarantine: { reason: expect.any(String) } });

      rig.simulator.control.faults.clear();
      await queue.retry('old');
      await until('the upload after a person asked for it', () => rig.uploaded.length === 1);
    });

    it('waits visibly for an agent who was away, then uploads what nobody could carry before', async () => {
      rig.jobs.create('old', randomBytes(1000), { createdAt });
      const queue = rig.createQueue({ retentionDays: 14 });
      await queue.start();
      expect(rig.problems.raised.get('uploadsStuck')?.text).toMatch(/spool\.retentionDays.*one recording.*sign in/);
      await rig.signIn('ann');
      await until('the upload', () => rig.uploaded.length === 1);
      expect(rig.failed).toEqual([]);
      expect(rig.problems.raised.has('uploadsStuck')).toBe(false);
    });
  });

  it('stops within a running upload and loses nothing', async () => {
    await rig.signIn('ann');
    const media = randomBytes(500_000);
    rig.jobs.create('stopped', media);
    const slow = rig.createQueue({ config: uploadSchema.parse({ maxKilobitsPerSecond: 1_000 }) });
    await slow.start();
    await until('its first bytes', () => {
      const state = slow.state().jobs[0]?.state;
      return state?.status === 'uploading' && state.sent > 0;
    });
    await slow.stop();
    expect(rig.jobs.jobs.get('stopped')).toEqual(exampleJob('stopped', media));
    await rig.createQueue().start();
    await until('the upload', () => rig.uploaded.length === 1);
    expect(rig.received()[0]?.sha256).toBe(createHash('sha256').update(media).digest('hex'));
  });
});
