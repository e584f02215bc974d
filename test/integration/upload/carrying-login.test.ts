import { randomBytes } from 'node:crypto';
import { FakeClock } from '../../fakes/fake-clock';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

const HALF_AN_HOUR = 30 * 60_000;

describe('the login that carries an upload', () => {
  let rig: UploadRig;
  beforeEach(async () => {
    rig = await createUploadRig();
  });
  afterEach(() => rig.dispose());

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
});
