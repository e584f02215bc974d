import { createHash, randomBytes } from 'node:crypto';
import { uploadSchema } from '../../../src/config/schema';
import { FakeClock } from '../../fakes/fake-clock';
import { exampleJob } from '../../fakes/fake-job-store';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

describe('an upload on its way', () => {
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
