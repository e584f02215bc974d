import { randomBytes } from 'node:crypto';
import { envelope, ME, ScriptedRws, type Answer } from '../../support/scripted-rws';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

const MEDIA_BYTES = 2_000;
const UPLOAD = '/internal-api/contact-centers/cc-1/screen-recordings/uploads/1';

/** The local file is deleted upon RWS's word, so only its clear word counts (rws.md, *Upload*). */
describe('what RWS says last of an upload', () => {
  let rig: UploadRig;
  let rws: ScriptedRws | undefined;
  beforeEach(async () => {
    rig = await createUploadRig();
  });
  afterEach(async () => {
    await rig.dispose();
    await rws?.stop();
  });

  /** Sends one recording to a server of these answers, until it is gone or held. */
  const send = async (answer: Answer): Promise<ScriptedRws> => {
    const started = new ScriptedRws((request, response) => {
      if (request.method === 'GET') envelope(response, 200, ME);
      else answer(request, response);
    });
    rws = started;
    await rig.signIn('ann', await started.start());
    rig.jobs.create('last', randomBytes(MEDIA_BYTES), { contactCenterId: 'cc-1' });
    await rig.createQueue().start();
    return started;
  };
  const untilEnd = (): Promise<unknown> => until('an end', () => rig.uploaded.length + rig.failed.length > 0);
  const sent = (method: string): number => rws?.seen.filter((request) => request.method === method).length ?? 0;

  /** A tus server that keeps finished uploads, as most do. */
  const tus =
    (patches: readonly Answer[], creations: readonly Answer[] = []): Answer =>
    (request, response) => {
      const tusHeaders = { 'Tus-Resumable': '1.0.0' };
      const size = String(MEDIA_BYTES);
      if (request.method === 'OPTIONS') response.writeHead(204, tusHeaders).end();
      else if (request.method === 'HEAD')
        response.writeHead(200, { ...tusHeaders, 'Upload-Offset': size, 'Upload-Length': size, 'Cache-Control': 'no-store' }).end();
      else if (request.method === 'POST') {
        const refusal = creations[sent('POST') - 1];
        if (refusal === undefined) response.writeHead(201, { ...tusHeaders, Location: UPLOAD }).end();
        else refusal(request, response);
      } else patches[sent('PATCH') - 1]?.(request, response);
    };
  const created: Answer = (_request, response) => response.writeHead(201, { 'Tus-Resumable': '1.0.0', Location: UPLOAD }).end();
  const finished =
    (status: number, body: object): Answer =>
    (_request, response) =>
      envelope(response, status, body, { 'Tus-Resumable': '1.0.0', 'Upload-Offset': String(MEDIA_BYTES) });
  const refused: Answer = (_request, response) => envelope(response, 500, { statusCode: 4 });
  const alreadyThere: Answer = (_request, response) => envelope(response, 409, { statusCode: 18 });

  it('500 to the last piece: all of it is sent again, though the server holds the bytes', async () => {
    await send(tus([refused, finished(200, {})]));
    await untilEnd();
    expect(rig.uploaded).toEqual(['last']);
    expect([sent('HEAD'), sent('POST'), sent('PATCH')]).toEqual([1, 2, 2]);
    expect(rws?.seen.filter(({ method }) => method === 'PATCH').map(({ headers }) => headers['upload-offset'])).toEqual(['0', '0']);
  });

  it('500 to the last piece, but taken: its media id says so', async () => {
    await send(tus([refused], [created, alreadyThere]));
    await untilEnd();
    expect(rig.uploaded).toEqual(['last']);
    expect(sent('PATCH')).toBe(1);
  });

  it('another hash: kept here, since RWS may hold other bytes', async () => {
    await send(tus([finished(200, { sha256: '0'.repeat(64) })], [created, alreadyThere]));
    await untilEnd();
    expect(rig.uploaded).toEqual([]);
    expect(rig.failed).toEqual([{ mediaId: 'last', reason: expect.stringContaining('not those that were sent') }]);
    expect(rig.jobs.jobs.has('last')).toBe(true);
  });

  const form =
    (status: number, body: object): Answer =>
    (request, response) =>
      request.method === 'OPTIONS' ? envelope(response, 405, { statusCode: 2 }) : envelope(response, status, body);

  it.each<[string, Answer]>([
    ['in a form', form(200, { statusCode: 7, failed: ['last'] })],
    ['over tus', tus([finished(200, { statusCode: 7, failed: ['last'] })])],
  ])('%s, partly ok: quarantined', async (_name, answer) => {
    await send(answer);
    await untilEnd();
    expect(rig.failed).toEqual([{ mediaId: 'last', reason: expect.stringContaining('in part') }]);
    expect(rig.jobs.jobs.has('last')).toBe(true);
  });

  it.each<[string, Answer]>([
    ['202 with statusCode 0', form(202, {})],
    ['202 with a statusCode that is none', form(202, { statusCode: 'ERROR' })],
    ['200 with statusCode null', form(200, { statusCode: null })],
    ['200 with an empty statusCode', form(200, { statusCode: '' })],
    ['200 with a statusCode that is none, over tus', tus(Array<Answer>(9).fill(finished(200, { statusCode: 'ERROR' })))],
  ])('%s: kept and tried again', async (_name, answer) => {
    await send(answer);
    await until('a failed try', () => (rig.jobs.jobs.get('last')?.attempts ?? 1) > 0);
    await rig.stopQueues();
    expect(rig.uploaded).toEqual([]);
    expect(rig.jobs.jobs.has('last')).toBe(true);
  });

  it('201 with a statusCode written as text is its word', async () => {
    await send(form(201, { statusCode: '0' }));
    await untilEnd();
    expect(rig.uploaded).toEqual(['last']);
  });
});
