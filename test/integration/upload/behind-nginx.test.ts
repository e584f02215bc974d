import { createHash, randomBytes } from 'node:crypto';
import { uploadSchema } from '../../../src/config/schema';
import { startNginx, type ReverseProxy } from '../../support/reverse-proxy';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

/** More than nginx takes unless it is told otherwise (1 MB). */
const LARGE_BYTES = 3_000_000;

describe.each([
  ['multipart', false],
  ['tus', true],
])('over %s, behind nginx', (_transport, isResumable) => {
  let rig: UploadRig;
  let proxy: ReverseProxy | undefined;
  beforeEach(async () => {
    rig = await createUploadRig({ simulator: { isResumable, strict: { csrf: true, cookies: true } } });
  });
  afterEach(async () => {
    await rig.dispose();
    await proxy?.stop();
  });

  it.each([
    ['that buffers requests', ['client_max_body_size 0;']],
    ['that passes requests on as they come', ['client_max_body_size 0;', 'proxy_request_buffering off;', 'proxy_http_version 1.1;']],
  ])('%s: a large recording arrives byte by byte', async (_name, directives) => {
    proxy = await startNginx(rig.server, directives);
    await rig.signIn('ann', proxy.origin);
    const media = randomBytes(LARGE_BYTES);
    rig.jobs.create('large', media);
    await rig.createQueue().start();
    await until('the upload', () => rig.uploaded.length === 1);
    expect(rig.received().map(({ sha256 }) => sha256)).toEqual([createHash('sha256').update(media).digest('hex')]);
  });

  it('with its own body limit: the recording goes in pieces over tus, else it is quarantined with the reason; smaller ones pass', async () => {
    proxy = await startNginx(rig.server);
    await rig.signIn('ann', proxy.origin);
    rig.jobs.create('large', randomBytes(LARGE_BYTES), { createdAt: 1 });
    rig.jobs.create('small', randomBytes(100_000), { createdAt: 2 });
    await rig.createQueue().start();
    await until('both ends', () => rig.uploaded.length + rig.failed.length === 2);
    if (isResumable) return expect(rig.uploaded).toEqual(['large', 'small']);
    expect(rig.failed).toEqual([{ mediaId: 'large', reason: expect.stringContaining('413') }]);
    expect(rig.uploaded).toEqual(['small']);
    expect(rig.jobs.jobs.has('large')).toBe(true);
  });

  it('that is broken off goes on where it was over tus, also when the address of the upload names a server only the proxy knows', async () => {
    const inner = ['client_max_body_size 0;', 'proxy_request_buffering off;', 'proxy_http_version 1.1;'];
    proxy = await startNginx(rig.server, [...inner, 'proxy_redirect ~^(/.*)$ http://rws.inner.example$1;']);
    await rig.signIn('ann', proxy.origin);
    const media = randomBytes(LARGE_BYTES);
    rig.jobs.create('broken-off', media);
    rig.simulator.control.faults.add({
      method: isResumable ? 'PATCH' : 'POST',
      path: '/internal-api',
      times: 1,
      action: { type: 'cutRequest', atByte: LARGE_BYTES / 2 },
    });
    await rig.createQueue().start();
    await until('the upload', () => rig.uploaded.length === 1);
    expect(rig.received().map(({ sha256 }) => sha256)).toEqual([createHash('sha256').update(media).digest('hex')]);
    const methods = rig.simulator.control
      .requests()
      .filter(({ path }) => path.startsWith('/internal-api'))
      .map(({ method }) => method);
    expect(methods).toEqual(isResumable ? ['OPTIONS', 'POST', 'PATCH', 'HEAD', 'PATCH'] : ['OPTIONS', 'POST', 'POST']);
  });

  it('that answers 502 while RWS restarts in the middle of an upload: it arrives once, afterwards', async () => {
    proxy = await startNginx(rig.server, ['client_max_body_size 0;', 'proxy_request_buffering off;', 'proxy_http_version 1.1;']);
    await rig.signIn('ann', proxy.origin);
    const media = randomBytes(LARGE_BYTES);
    rig.jobs.create('during', media);
    const queue = rig.createQueue({ config: uploadSchema.parse({ maxKilobitsPerSecond: 40_000 }) });
    await queue.start();
    await until('its middle', () => {
      const state = queue.state().jobs[0]?.state;
      return state?.status === 'uploading' && state.sent > LARGE_BYTES / 4;
    });
    await rig.simulator.control.goOffline();
    await until('a 502', () => {
      const state = queue.state().jobs[0]?.state;
      return state?.status === 'waiting' && state.reason.includes('502');
    });
    await rig.simulator.control.restart();
    await until('the upload', () => rig.uploaded.length === 1);
    expect(rig.received().map(({ sha256 }) => sha256)).toEqual([createHash('sha256').update(media).digest('hex')]);
  });
});
