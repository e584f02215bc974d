import { GeneratedJobStore } from '../../fakes/generated-job-store';
import { collectedBytes } from '../../support/collected-memory';
import { startCountingProxy, type CountingProxy } from '../../support/counting-proxy';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

const RECORDINGS = process.env['SRS_NIGHTLY'] === '1' ? 500 : 250;
const LARGE_BYTES = 16_000_000;
const LARGE_EVERY = RECORDINGS / 2;
/** Less than one large recording, so that holding one whole would show, and far less than all of them. */
const MAX_GROWTH_BYTES = 8_000_000;

const sizeOf = (index: number): number =>
  index % LARGE_EVERY === LARGE_EVERY / 5 ? LARGE_BYTES : 200 + Math.floor(Math.random() ** 4 * 60_000);

describe.each([
  { transport: 'multipart', isResumable: false, target: 'upload', method: 'POST' },
  { transport: 'tus', isResumable: true, target: 'resumable', method: 'PATCH' },
] as const)(`${RECORDINGS} recordings over $transport and a link that fails 30 % of the requests`, ({ isResumable, target, method }) => {
  let rig: UploadRig;
  let proxy: CountingProxy;
  beforeEach(async () => {
    rig = await createUploadRig({ simulator: { isResumable } });
    proxy = await startCountingProxy(rig.server);
  });
  afterEach(async () => {
    await rig.dispose();
    await proxy.stop();
  });

  it('all there once, in order, memory flat, one connection at a time', async () => {
    await rig.signIn('ann', proxy.origin);
    const { faults } = rig.simulator.control;
    faults.add({ target, method, probability: 0.15, action: { type: 'cutRequest', atByte: 300 } });
    faults.add({ target, method, probability: 0.18, action: { type: 'answer', status: 503 } });
    const store = new GeneratedJobStore();
    const jobs = Array.from({ length: RECORDINGS }, (_, index) =>
      store.create(`m-${String(index).padStart(3, '0')}`, sizeOf(index), index),
    );
    const queue = rig.createQueue({ jobs: store, random: () => 0.0005 });

    const held = new Map<string, number>();
    /** After every fiftieth recording, and shortly before the end of each large one. */
    const sample = (moment: string): void => {
      if (!held.has(moment)) held.set(moment, collectedBytes());
    };
    store.onRead = ({ mediaId, size }, readTo) => {
      if (size !== LARGE_BYTES || readTo < LARGE_BYTES * 0.9 || held.has(`within ${mediaId}`)) return;
      sample(`within ${mediaId}`);
      connections.push(proxy.openConnections());
    };
    const connections: Promise<number>[] = [];
    queue.onState(({ jobs: shown }) => {
      if (shown.length % 50 === 0 && shown.length < RECORDINGS) sample(`${shown.length} left`);
    });
    await queue.start();
    await until('all of them', () => rig.uploaded.length === RECORDINGS, 150_000);
    await rig.stopQueues();

    expect(rig.received().map(({ mediaId, sha256 }) => [mediaId, sha256])).toEqual(jobs.map(({ mediaId, sha256 }) => [mediaId, sha256]));
    expect(rig.failed).toEqual([]);
    expect(store.jobs.size).toBe(0);
    expect(proxy.mostAtOnce).toBe(1);
    expect(await Promise.all(connections)).toEqual(connections.map(() => 1));
    expect(proxy.requests).toBeGreaterThan(RECORDINGS * 1.2); // The link did fail.
    const [afterWarmUp = 0, ...later] = held.values();
    expect(later).toHaveLength(RECORDINGS / 50 + RECORDINGS / LARGE_EVERY - 1);
    expect(Math.max(...later) - afterWarmUp).toBeLessThan(MAX_GROWTH_BYTES);
  }, 180_000);
});
