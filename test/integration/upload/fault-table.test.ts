import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FaultRequest } from '../../../src/simulator/faults/fault';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

type Action = FaultRequest['action'];
const MEDIA_BYTES = 400_000;
const MIDDLE = 150_000;

const refuse = (status: number, statusCode: number, statusMessage: string, headers?: Record<string, string>): Action => ({
  type: 'answer',
  status,
  statusCode,
  statusMessage,
  ...(headers === undefined ? {} : { headers }),
});

/** Each strikes one or two requests and ends with the bytes exactly once at the server. */
const PASSING: readonly (readonly [string, Action, number?])[] = [
  ['408', refuse(408, 4, 'Request timeout')],
  ['429 with Retry-After', refuse(429, 4, 'Too many requests', { 'Retry-After': '1' })],
  ['500, twice', refuse(500, 4, 'Internal error'), 2],
  ['502 with an HTML page', { type: 'html', status: 502 }],
  ['503 with Retry-After', refuse(503, 4, 'Overloaded', { 'Retry-After': '1' })],
  ['HTML with HTTP 200 (captive portal)', { type: 'html', status: 200 }],
  ['200 with code 4 in the envelope', refuse(200, 4, 'Internal error')],
  ['401: log in again', refuse(401, 20, 'Not authenticated')],
  ['403 with code 20: log in again', refuse(403, 20, 'Not authenticated')],
  ['403 Csrf: refresh', refuse(403, 3, 'Missing or invalid Csrf token')],
  ['cut at the first byte', { type: 'cutRequest', atByte: 0 }],
  ['cut in the middle', { type: 'cutRequest', atByte: MIDDLE }],
  ['cut before the last byte', { type: 'cutRequest', atByte: -1 }],
  ['taken, but the answer is lost', { type: 'cutAnswer', atByte: 0 }],
  ['taken, but the answer is cut', { type: 'cutAnswer', atByte: 5 }],
  ['taken, but the answer stalls', { type: 'stallAnswer', atByte: 5 }],
  ['stall at the first byte', { type: 'stallRequest', atByte: 0 }],
  ['stall in the middle', { type: 'stallRequest', atByte: MIDDLE }],
  ['stall before the last byte', { type: 'stallRequest', atByte: -1 }],
  ['no answer at all', { type: 'hang' }],
];

/** Final answers: the recording stays here, and is shown. */
const FINAL: readonly (readonly [string, Action])[] = [
  ['400', refuse(400, 10, 'Input validation failed')],
  ['403', refuse(403, 3, 'Forbidden')],
  ['413', refuse(413, 2, 'The media is too large')],
  ['422', refuse(422, 2, 'Unprocessable')],
];

describe.each([
  { transport: 'multipart', isResumable: false, target: 'upload', method: 'POST' },
  { transport: 'tus', isResumable: true, target: 'resumable', method: 'PATCH' },
] as const)('over $transport', ({ isResumable, target, method }) => {
  let rig: UploadRig;
  beforeAll(async () => {
    rig = await createUploadRig({ simulator: { isResumable, strict: { csrf: true, cookies: true } } });
    await rig.signIn('ann');
  });
  afterAll(() => rig.dispose());
  afterEach(() => rig.simulator.control.faults.clear());

  const upload = async (mediaId: string): Promise<{ media: Buffer; state: () => unknown }> => {
    const media = randomBytes(MEDIA_BYTES);
    rig.jobs.create(mediaId, media);
    const queue = rig.createQueue({ idleTimeoutMs: 400 });
    await queue.start();
    await until(`an end of ${mediaId}`, () => rig.uploaded.includes(mediaId) || rig.failed.some((failure) => failure.mediaId === mediaId));
    await queue.stop();
    return { media, state: () => queue.state().jobs[0]?.state };
  };

  it.each(PASSING.map((row, index) => [...row, index] as const))('%s: there once in the end', async (name, action, ...rest) => {
    // New for a second try too: what RWS has, it does not take again.
    const mediaId = `passing-${String(rest.at(-1))}-${randomBytes(4).toString('hex')}`;
    rig.simulator.control.faults.add({ target, method, times: name.endsWith('twice') ? 2 : 1, action });
    const { media } = await upload(mediaId);
    expect(rig.failed).toEqual([]);
    const received = rig.received().filter((recording) => recording.mediaId === mediaId);
    expect(received).toHaveLength(1);
    expect(received[0]?.sha256).toBe(createHash('sha256').update(media).digest('hex'));
    expect((await readFile(rig.simulator.control.mediaPath(mediaId) ?? '')).equals(media)).toBe(true);
    expect(rig.jobs.jobs.size).toBe(0);
  });

  it.each(FINAL)('%s: quarantined with its reason, never deleted', async (name, action) => {
    const mediaId = `final-${name}`;
    rig.simulator.control.faults.add({ target, method, action });
    const { state } = await upload(mediaId);
    expect(rig.received().some((recording) => recording.mediaId === mediaId)).toBe(false);
    expect(rig.jobs.jobs.get(mediaId)?.quarantine?.reason).toContain(name);
    expect(state()).toEqual({ status: 'quarantined', reason: expect.stringContaining(name), code: 'uploadRefused' });
    expect(rig.problems.raised.get('uploadsStuck')?.text).toContain(name);
    rig.jobs.jobs.clear();
    rig.failed.length = 0;
  });

  it('sent before, but not remembered: known by its media id', async () => {
    const media = randomBytes(1000);
    rig.jobs.create('known', media);
    await rig.createQueue().start();
    await until('the first upload', () => rig.uploaded.includes('known'));
    rig.jobs.create('known', media);
    await rig.createQueue().start();
    await until('the second end', () => rig.uploaded.filter((mediaId) => mediaId === 'known').length === 2);
    expect(rig.received().filter(({ mediaId }) => mediaId === 'known')).toHaveLength(1);
    expect(rig.jobs.jobs.size).toBe(0);
  });

  it.each([
    ['hash', {}],
    ['size', { size: '1' }],
  ])('an answer with a wrong %s: kept here, since RWS may hold other bytes', async (name, wrong) => {
    rig.simulator.control.faults.add({ target, method, times: 1, action: { type: 'misreport', ...wrong } });
    await upload(`misreported-${name}`);
    expect(rig.failed).toEqual([{ mediaId: `misreported-${name}`, reason: expect.stringContaining('not those that were sent') }]);
    expect(rig.jobs.jobs.has(`misreported-${name}`)).toBe(true);
    rig.jobs.jobs.clear();
    rig.failed.length = 0;
  });
});

/** What carries no bytes of the recording can fail as well. */
const WITHOUT_BYTES: readonly (readonly [string, Action])[] = [
  ['408', refuse(408, 4, 'Request timeout')],
  ['429 with Retry-After', refuse(429, 4, 'Too many requests', { 'Retry-After': '1' })],
  ['500', refuse(500, 4, 'Internal error')],
  ['502 with an HTML page', { type: 'html', status: 502 }],
  ['HTML with HTTP 200 (captive portal)', { type: 'html', status: 200 }],
  ['200 with code 4 in the envelope', refuse(200, 4, 'Internal error')],
  ['401: log in again', refuse(401, 20, 'Not authenticated')],
  ['403 with code 20: log in again', refuse(403, 20, 'Not authenticated')],
  ['403 Csrf: refresh', refuse(403, 3, 'Missing or invalid Csrf token')],
  ['cut before the answer', { type: 'cutRequest', atByte: 0 }],
  ['answered, but the answer is lost', { type: 'cutAnswer', atByte: 0 }],
  ['no answer at all', { type: 'hang' }],
];

describe.each(['OPTIONS', 'POST', 'HEAD'] as const)('over tus, at its %s', (method) => {
  let rig: UploadRig;
  beforeAll(async () => {
    rig = await createUploadRig({ simulator: { isResumable: true, strict: { csrf: true, cookies: true } }, rws: { timeoutSeconds: 0.5 } });
    await rig.signIn('ann');
  });
  afterAll(() => rig.dispose());
  afterEach(() => rig.simulator.control.faults.clear());

  it.each(WITHOUT_BYTES)('%s: there once in the end', async (name, action) => {
    const mediaId = `at-${method}-${WITHOUT_BYTES.findIndex(([other]) => other === name)}`;
    const media = randomBytes(MEDIA_BYTES);
    rig.jobs.create(mediaId, media);
    const { faults } = rig.simulator.control;
    const id = faults.add({ target: 'resumable', method, times: 1, action });
    if (method === 'HEAD') faults.add({ target: 'resumable', method: 'PATCH', times: 1, action: { type: 'cutRequest', atByte: MIDDLE } });
    const queue = rig.createQueue({ idleTimeoutMs: 400 });
    await queue.start();
    await until(`an end of ${mediaId}`, () => rig.uploaded.includes(mediaId) || rig.failed.length > 0);
    await queue.stop();
    expect(rig.failed).toEqual([]);
    expect(faults.list().map((fault) => fault.id)).not.toContain(id); // It did strike.
    const received = rig.received().filter((recording) => recording.mediaId === mediaId);
    expect(received).toHaveLength(1);
    expect(received[0]?.sha256).toBe(createHash('sha256').update(media).digest('hex'));
    expect(rig.jobs.jobs.size).toBe(0);
  });
});
