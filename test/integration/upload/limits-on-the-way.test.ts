import { createHash, randomBytes } from 'node:crypto';
import type { SpoolJob } from '../../../src/spool/ports';
import { startNginx, type ReverseProxy } from '../../support/reverse-proxy';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

/** Servers and proxies take headers and bodies up to a size of their own; the recording finds the way that is left. */
describe('where resumable uploads are offered', () => {
  let rig: UploadRig;
  let proxy: ReverseProxy | undefined;
  beforeEach(async () => {
    rig = await createUploadRig({ simulator: { isResumable: true, strict: { csrf: true, cookies: true } } });
  });
  afterEach(async () => {
    await rig.dispose();
    await proxy?.stop();
    proxy = undefined;
  });

  const create = (mediaId: string, media: Buffer, longText = ''): void => {
    const { metadata } = rig.jobs.create(mediaId, media);
    const job = rig.jobs.jobs.get(mediaId) as SpoolJob;
    const [file] = metadata.mediaFiles;
    const parameters = { ...file.parameters, note: longText };
    rig.jobs.jobs.set(mediaId, { ...job, metadata: { ...metadata, mediaFiles: [{ ...file, parameters }] } });
  };
  const uploads = (): string[] =>
    rig.simulator.control
      .requests()
      .filter(({ path, method }) => path.startsWith('/internal-api') && method !== 'OPTIONS')
      .map(({ method, path }) => `${path.includes('/content/') ? 'form' : 'tus'} ${method}`);
  const arrivedWhole = (media: Buffer): void =>
    expect(rig.received().map(({ sha256 }) => sha256)).toEqual([createHash('sha256').update(media).digest('hex')]);
  async function end(): Promise<void> {
    await rig.createQueue().start();
    await until('an end', () => rig.uploaded.length + rig.failed.length === 1);
  }

  it.each([
    [1000, ['tus POST', 'tus PATCH']],
    [6 * 1024, ['form POST']],
    [20_000, ['form POST']],
    [1_000_000, ['form POST']],
  ])('metadata with a text of %d characters go the way that takes them', async (length, requests) => {
    await rig.signIn('ann');
    const media = randomBytes(10_000);
    create('described', media, 'x'.repeat(length));
    await end();
    expect(rig.failed).toEqual([]);
    expect(uploads()).toEqual(requests);
    arrivedWhole(media);
  });

  it('a 431 means a form, and this time only', async () => {
    await rig.signIn('ann');
    rig.simulator.control.faults.add({
      target: 'resumable',
      method: 'POST',
      times: 1,
      action: { type: 'answer', status: 431, statusCode: 2 },
    });
    const media = randomBytes(10_000);
    create('first', media);
    const queue = rig.createQueue();
    await queue.start();
    await until('the first', () => rig.uploaded.length === 1);
    rig.jobs.create('second', media);
    queue.add(rig.jobs.jobs.get('second') as SpoolJob);
    await until('the second', () => rig.uploaded.length === 2);
    expect(uploads()).toEqual(['tus POST', 'form POST', 'tus POST', 'tus PATCH']);
  });

  it.each([
    ['1m', 3_500_000, 4],
    ['1000k', 3_500_000, 14],
    ['6000', 20_000, 4],
    ['1100', 30_000, 30],
  ])('a body limit of %s lets a recording of %d bytes through in pieces', async (limit, bytes, pieces) => {
    proxy = await startNginx(rig.server, [`client_max_body_size ${limit};`]);
    await rig.signIn('ann', proxy.origin);
    const media = randomBytes(bytes);
    create('large', media);
    await end();
    expect(rig.failed).toEqual([]);
    arrivedWhole(media);
    const patches = uploads().filter((request) => request === 'tus PATCH').length;
    expect(patches).toBeGreaterThanOrEqual(pieces);
    expect(patches).toBeLessThanOrEqual(pieces * 5);
  });

  it('what was learned of a limit holds for the next recording', async () => {
    proxy = await startNginx(rig.server, ['client_max_body_size 1m;']);
    await rig.signIn('ann', proxy.origin);
    const queue = rig.createQueue();
    await queue.start();
    for (const [index, mediaId] of ['first', 'second'].entries()) {
      rig.jobs.create(mediaId, randomBytes(2_500_000));
      queue.add(rig.jobs.jobs.get(mediaId) as SpoolJob);
      await until(mediaId, () => rig.uploaded.length === index + 1);
    }
    expect(uploads().filter((request) => request === 'tus HEAD')).toHaveLength(1);
  });

  it('long metadata and a body limit together still find a way', async () => {
    proxy = await startNginx(rig.server, ['client_max_body_size 100k;']);
    await rig.signIn('ann', proxy.origin);
    const media = randomBytes(300_000);
    create('both', media, 'x'.repeat(5000)); // 7 KB as a header: too long to begin with, but this server takes it
    await end();
    expect(rig.failed).toEqual([]);
    arrivedWhole(media);
  });

  it('an upload whose metadata no proxy passes back is begun anew after a break', async () => {
    proxy = await startNginx(rig.server, ['client_max_body_size 0;', 'proxy_request_buffering off;', 'proxy_http_version 1.1;']);
    await rig.signIn('ann', proxy.origin);
    rig.simulator.control.faults.add({ method: 'PATCH', path: '/internal-api', times: 1, action: { type: 'cutRequest', atByte: 100_000 } });
    const media = randomBytes(300_000);
    create('echoed', media, 'x'.repeat(3000));
    await end();
    arrivedWhole(media);
    expect(uploads()).toEqual(['tus POST', 'tus PATCH', 'tus HEAD', 'tus POST', 'tus PATCH']);
  });

  it('a body limit for every size is an end, with the reason', async () => {
    await rig.signIn('ann');
    rig.simulator.control.faults.add({
      target: 'resumable',
      method: 'PATCH',
      action: { type: 'answer', status: 413, statusCode: 2, statusMessage: 'Too large' },
    });
    create('refused', randomBytes(100_000));
    await end();
    expect(rig.failed).toEqual([{ mediaId: 'refused', reason: 'HTTP 413, code 2: Too large' }]);
    expect(uploads().length).toBeLessThan(12);
  });
});
