import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { uploadSchema } from '../../../src/config/schema';
import type { ReceivedRequest } from '../../../src/simulator/activity';
import type { UploadQueue } from '../../../src/upload/upload-queue';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

const MEDIA_BYTES = 2_000_000;
/** So that there is time to be in its middle. */
const SLOWLY = uploadSchema.parse({ maxKilobitsPerSecond: 30_000 });

/** The session goes over to the peer, and with it the uploads (rws.md, *Which server*). */
describe.each([
  ['multipart', false],
  ['tus', true],
])('over %s, with two data centres', (_transport, isResumable) => {
  let rig: UploadRig;
  let peer: string;
  let media: Buffer;
  beforeEach(async () => {
    rig = await createUploadRig({ simulator: { isPair: true, isResumable, strict: { csrf: true, cookies: true } } });
    peer = rig.simulator.control.dataCentres().find(({ name }) => name === 'peer')?.origin ?? '';
    media = randomBytes(MEDIA_BYTES);
    rig.jobs.create('moved', media);
  });
  afterEach(() => rig.dispose());

  const sentTo = (name: ReceivedRequest['dataCentre']): readonly ReceivedRequest[] =>
    rig.simulator.control.requests().filter(({ dataCentre, path }) => dataCentre === name && path.startsWith('/internal-api'));

  const untilItsMiddle = (queue: UploadQueue): Promise<unknown> =>
    until('its middle', () => {
      const state = queue.state().jobs[0]?.state;
      return state?.status === 'uploading' && state.sent > MEDIA_BYTES / 4 && state.sent < MEDIA_BYTES;
    });

  const expectOnceAt = async (dataCentre: string): Promise<void> => {
    const sha256 = createHash('sha256').update(media).digest('hex');
    expect(rig.received()).toEqual([expect.objectContaining({ mediaId: 'moved', dataCentre, sha256, size: MEDIA_BYTES })]);
    expect((await readFile(rig.simulator.control.mediaPath('moved') ?? '')).equals(media)).toBe(true);
    expect(rig.failed).toEqual([]);
    expect(rig.jobs.jobs.size).toBe(0);
  };

  /** The primary dies in the middle of the upload, and the agent is signed in at the peer, which gets it. */
  const moveToPeer = async (): Promise<UploadQueue> => {
    await rig.signIn('ann');
    const queue = rig.createQueue({ config: SLOWLY });
    await queue.start();
    await untilItsMiddle(queue);
    await rig.simulator.control.goOffline('primary');
    await until('the break', () => queue.state().jobs[0]?.state.status === 'waiting');
    await rig.signIn('ann', peer);
    await until('the upload', () => rig.uploaded.length === 1);
    return queue;
  };

  it('the primary dies in the middle of an upload: all of it goes to the peer, once', async () => {
    await moveToPeer();
    await expectOnceAt('peer');
    // The upload begun at the primary is unknown here: nothing is asked of it.
    expect(sentTo('peer').map(({ method }) => method)).toEqual(isResumable ? ['OPTIONS', 'POST', 'PATCH'] : ['OPTIONS', 'POST']);
    const begunAt = sentTo('primary').filter(({ method }) => method === 'PATCH');
    for (const { path } of begunAt) expect(sentTo('peer').map((request) => request.path)).not.toContain(path);
  });

  it('the primary comes back: nothing of what the peer has is sent again', async () => {
    const queue = await moveToPeer();
    const before = sentTo('primary').length;
    await rig.simulator.control.goOnline('primary');
    await rig.signIn('ann');
    const later = randomBytes(1000);
    queue.add(rig.jobs.create('later', later));
    await until('the next upload', () => rig.uploaded.length === 2);
    expect(rig.received().map(({ mediaId, dataCentre }) => [mediaId, dataCentre])).toEqual([
      ['moved', 'peer'],
      ['later', 'primary'],
    ]);
    // The offer is remembered; only the next recording is sent.
    expect(
      sentTo('primary')
        .slice(before)
        .map(({ method }) => method),
    ).toEqual(isResumable ? ['POST', 'PATCH'] : ['POST']);
  });

  it('both die in turn: what the primary still holds of it does not spoil it', async () => {
    await rig.signIn('ann');
    const queue = rig.createQueue({ config: SLOWLY });
    await queue.start();
    for (const [dies, takesOver, server] of [
      ['primary', 'peer', peer],
      ['peer', 'primary', rig.server],
    ] as const) {
      await untilItsMiddle(queue);
      await rig.simulator.control.goOffline(dies);
      await until('the break', () => queue.state().jobs[0]?.state.status === 'waiting');
      if (!rig.simulator.control.dataCentres().find(({ name }) => name === takesOver)?.isOnline)
        await rig.simulator.control.goOnline(takesOver);
      await rig.signIn('ann', server);
    }
    await until('the upload', () => rig.uploaded.length === 1);
    await expectOnceAt('primary');
  });

  it('the primary took it, but died before it said so: the peer knows the media id, and it is there once', async () => {
    rig.simulator.control.faults.add({
      dataCentre: 'primary',
      target: isResumable ? 'resumable' : 'upload',
      method: isResumable ? 'PATCH' : 'POST',
      action: { type: 'cutAnswer', atByte: 0 },
    });
    await rig.signIn('ann');
    const queue = rig.createQueue({ random: () => 0.5 });
    await queue.start();
    await until('the lost answer', () => rig.received().length === 1 && queue.state().jobs[0]?.state.status === 'waiting');
    await rig.simulator.control.goOffline('primary');
    await rig.signIn('ann', peer);
    await until('the end', () => rig.uploaded.length === 1);
    await expectOnceAt('primary');
  });
});
