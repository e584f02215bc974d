import { randomBytes } from 'node:crypto';
import { FakeClock } from '../../fakes/fake-clock';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

const MEDIA_BYTES = 400_000;
const WRITTEN_BYTES = 300_000;

/** Ten minutes after the server was asked for its offer it is asked again, in the middle of whatever is under way. */
describe('a resumable upload that broke off, when the server is asked for its offer again', () => {
  let rig: UploadRig;
  beforeEach(async () => {
    rig = await createUploadRig({ simulator: { isResumable: true } });
    await rig.signIn('ann');
    rig.jobs.create('begun', randomBytes(MEDIA_BYTES));
    const { faults } = rig.simulator.control;
    faults.add({ target: 'resumable', method: 'PATCH', times: 1, action: { type: 'cutRequest', atByte: WRITTEN_BYTES } });
    const queue = rig.createQueue({ clock: new FakeClock() });
    await queue.start();
    await until('the break', () => rig.jobs.jobs.get('begun')?.attempts === 1);
    await queue.stop();
    expect(rig.jobs.jobs.get('begun')?.tusUrl).toEqual(expect.any(String));
  });
  afterEach(() => rig.dispose());

  const sent = (): readonly string[] =>
    rig.simulator.control
      .requests()
      .filter(({ path }) => path.startsWith('/internal-api'))
      .map(({ method }) => method);

  it.each([503, 500, 429])('waits for a server that answers %d, and goes on', async (status) => {
    const before = sent().length;
    rig.simulator.control.faults.add({ target: 'resumable', method: 'OPTIONS', times: 2, action: { type: 'answer', status } });
    await rig.createQueue().start();
    await until('the upload', () => rig.uploaded.length === 1);
    expect(sent().slice(before)).toEqual(['OPTIONS', 'OPTIONS', 'OPTIONS', 'HEAD', 'PATCH']);
  });

  it.each([405, 501])('takes %d for the end of the offer', async (status) => {
    const before = sent().length;
    rig.simulator.control.faults.add({ target: 'resumable', method: 'OPTIONS', action: { type: 'answer', status } });
    await rig.createQueue().start();
    await until('the upload', () => rig.uploaded.length === 1);
    expect(sent().slice(before)).toEqual(['OPTIONS', 'POST']);
  });

  it('of a recording that was not begun, a busy server gets a form', async () => {
    rig.jobs.jobs.clear();
    rig.jobs.create('new', randomBytes(1000));
    const before = sent().length;
    rig.simulator.control.faults.add({ target: 'resumable', method: 'OPTIONS', action: { type: 'answer', status: 503 } });
    await rig.createQueue().start();
    await until('the upload', () => rig.uploaded.length === 1);
    expect(sent().slice(before)).toEqual(['OPTIONS', 'POST']);
  });
});
