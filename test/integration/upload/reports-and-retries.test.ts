import { randomBytes } from 'node:crypto';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

describe('reports, retries and the retention limit', () => {
  let rig: UploadRig;
  beforeEach(async () => {
    rig = await createUploadRig();
  });
  afterEach(() => rig.dispose());

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
    expect(rig.logins.reports).toEqual([expect.objectContaining({ state: 'Failed', code: 'uploadRefused' })]);
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
      const queue = rig.createQueue({ retention: { retentionDays: 14 }, random: () => 0.0005 });
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
      const queue = rig.createQueue({ retention: { retentionDays: 14 } });
      await queue.start();
      expect(rig.problems.raised.get('uploadsStuck')?.text).toMatch(/spool\.retentionDays.*one recording.*sign in/);
      await rig.signIn('ann');
      await until('the upload', () => rig.uploaded.length === 1);
      expect(rig.failed).toEqual([]);
      expect(rig.problems.raised.has('uploadsStuck')).toBe(false);
    });
  });
});
