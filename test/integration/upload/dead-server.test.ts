import { randomBytes } from 'node:crypto';
import { FakeClock } from '../../fakes/fake-clock';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

/** Ann’s kept login is of a data centre that died; ben sits there now, on the other. */
describe('a server that is away', () => {
  let rig: UploadRig;
  beforeEach(async () => {
    rig = await createUploadRig({ simulator: { isPair: true } });
    rig.logins.byAnyAgent = false;
    await rig.signIn('ann');
    await rig.signIn('ben', rig.simulator.control.dataCentres().find(({ name }) => name === 'peer')?.origin ?? '');
    for (const [index, userName] of ['ann', 'ben', 'ann', 'ben'].entries())
      rig.jobs.create(`${userName}-${index}`, randomBytes(1000), { userName, createdAt: Date.now() + index });
  });
  afterEach(() => rig.dispose());

  it('holds back what goes there, in its order and uncharged, and nothing else', async () => {
    await rig.simulator.control.goOffline('primary');
    const queue = rig.createQueue();
    await queue.start();
    await until('what goes elsewhere', () => rig.uploaded.length === 2);
    expect(rig.uploaded).toEqual(['ben-1', 'ben-3']);
    expect(queue.state().jobs.map(({ mediaId, state }) => [mediaId, state.status])).toEqual([
      ['ann-0', expect.stringMatching('ready|waiting|uploading')],
      ['ann-2', expect.stringMatching('ready|waiting|uploading')],
    ]);
    expect([...rig.jobs.jobs.values()].map(({ attempts }) => attempts)).toEqual([0, 0]);
    await rig.simulator.control.goOnline('primary');
    await until('the rest', () => rig.uploaded.length === 4);
    expect(rig.uploaded.slice(2)).toEqual(['ann-0', 'ann-2']);
    expect(rig.failed).toEqual([]);
  });

  it('is shown when it stays away, and no longer when it is back', async () => {
    await rig.simulator.control.goOffline('primary');
    const clock = new FakeClock();
    const queue = rig.createQueue({ clock, random: () => 0.999 });
    await queue.start();
    const isWaiting = (): boolean => rig.uploaded.length === 2 && queue.state().jobs[0]?.state.status === 'waiting';
    await until('the first tries', isWaiting);
    expect(rig.problems.raised.has('uploadsStuck')).toBe(false);
    for (let minutes = 0; minutes < 20; minutes += 5) {
      await clock.advance(300_000);
      await until('the next try', isWaiting);
    }
    expect(rig.problems.raised.get('uploadsStuck')).toMatchObject({
      text: expect.stringContaining('refused the connection'),
      remedy: expect.stringContaining('doctor'),
    });
    await rig.simulator.control.goOnline('primary');
    await clock.advance(300_000);
    await until('the rest', () => rig.uploaded.length === 4);
    expect(rig.problems.raised.has('uploadsStuck')).toBe(false);
  });
});
