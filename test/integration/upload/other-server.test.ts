import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { rwsSchema, type RwsConfiguration } from '../../../src/config/schema';
import type { UploadManners } from '../../../src/simulator/options';
import { envelope, ME, ScriptedRws, type Answer } from '../../support/scripted-rws';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';
import { until } from '../../support/until';

const MEDIA = randomBytes(2_000);
const ANY_2XX = rwsSchema.parse({ upload: { success: 'any2xx' } });

/** What a real server may do otherwise has a setting, and a file goes only when the server has it (rws.md, *Upload*). */
describe('an upload to a server with other manners', () => {
  let rig: UploadRig;
  let rws: ScriptedRws | undefined;
  afterEach(async () => {
    await rig.dispose();
    await rws?.stop();
    rws = undefined;
  });

  const carry = async (config: RwsConfiguration): Promise<void> => {
    rig.jobs.create('m-1', MEDIA, { contactCenterId: 'cc-1' });
    await rig.createQueue({ rws: config }).start();
    await until('an end', () => rig.uploaded.length + rig.failed.length > 0);
  };
  const methodsAndPaths = (): readonly string[] => rws?.seen.map(({ method, path }) => `${method} ${path}`) ?? [];

  it.each<[string, Partial<UploadManners>, object, boolean?]>([
    [
      'other part names',
      { metadataPart: 'recording-data', mediaPart: 'file_1' },
      { partNames: { metadata: 'recording-data', media: 'file_1' } },
    ],
    ['a suffix on the media id', { mediaIdSuffix: '.mp4' }, { mediaIdSuffix: '.mp4' }],
    ['a suffix on the media id, over tus', { mediaIdSuffix: '.mp4' }, { mediaIdSuffix: '.mp4' }, true],
    ['JSON without an envelope', { answer: 'json' }, { success: 'anyJson2xx' }],
    ['a text as answer', { answer: 'text' }, { success: 'any2xx' }],
    ['a text as answer and no HEAD', { answer: 'text', head: false }, { success: 'any2xx' }],
    [
      'all of it',
      { mediaPart: 'x', mediaIdSuffix: '.mp4', answer: 'text' },
      { partNames: { media: 'x' }, mediaIdSuffix: '.mp4', success: 'any2xx' },
    ],
    ['any answer, over tus', {}, { success: 'any2xx' }, true],
  ])('%s: taken as the settings say', async (_what, uploads, upload, isResumable = false) => {
    rig = await createUploadRig({ simulator: { uploads, isResumable } });
    await rig.signIn('ann');
    await carry(rwsSchema.parse({ upload }));
    expect(rig.failed).toEqual([]);
    expect(rig.uploaded).toEqual(['m-1']);
    expect(await readFile(rig.simulator.control.mediaPath('m-1') ?? '')).toEqual(MEDIA);
  });

  it.each<[string, Partial<UploadManners>, object]>([
    ['JSON where a statusCode is asked for', { answer: 'json' }, {}],
    ['a text where JSON is asked for', { answer: 'text' }, { success: 'anyJson2xx' }],
  ])('%s: kept and tried again', async (_what, uploads, upload) => {
    rig = await createUploadRig({ simulator: { uploads } });
    await rig.signIn('ann');
    rig.jobs.create('m-1', MEDIA, { contactCenterId: 'cc-1' });
    await rig.createQueue({ rws: rwsSchema.parse({ upload }) }).start();
    await until('a failed try', () => (rig.jobs.jobs.get('m-1')?.attempts ?? 1) > 0);
    expect(rig.jobs.jobs.has('m-1')).toBe(true);
  });

  const scripted = async (head: Answer, post: Answer): Promise<void> => {
    rig = await createUploadRig();
    const started = new ScriptedRws((request, response) => {
      if (request.method === 'GET') envelope(response, 200, ME);
      else if (request.method === 'OPTIONS') envelope(response, 405, { statusCode: 2 });
      else (request.method === 'HEAD' ? head : post)(request, response);
    });
    rws = started;
    await rig.signIn('ann', await started.start());
  };
  const text: Answer = (_request, response) => response.writeHead(200).end('200 OK!');
  const headWith =
    (status: number, headers: Record<string, string> = {}): Answer =>
    (_request, response) =>
      response.writeHead(status, headers).end();

  it.each<[string, Answer, boolean]>([
    ['the size that was sent', headWith(200, { 'Content-Length': '2000' }), true],
    ['405', headWith(405), true],
    ['501', headWith(501), true],
    ['404, three times', headWith(404), false],
    ['403', headWith(403), false],
    ['a redirection', headWith(302, { Location: 'https://elsewhere.example/' }), false],
    ['no size', headWith(200, { 'Transfer-Encoding': 'chunked' }), false],
  ])('HEAD answered with %s', async (_what, head, isGone) => {
    await scripted(head, text);
    await carry(ANY_2XX);
    expect(rig.jobs.jobs.has('m-1')).toBe(!isGone);
    expect(rig.failed).toEqual(isGone ? [] : [{ mediaId: 'm-1', reason: expect.stringContaining('rws.paths.content') }]);
    expect(methodsAndPaths()).toContain('HEAD /internal-api/contact-centers/cc-1/screen-recordings/recording-of-m-1/content/m-1.mp4');
  });

  it('another size is never our recording, though the server says next that it is there', async () => {
    let posts = 0;
    await scripted(headWith(200, { 'Content-Length': '1999' }), (request, response) => {
      posts += 1;
      if (posts === 1) text(request, response);
      else envelope(response, 409, { statusCode: 18 });
    });
    await carry(ANY_2XX);
    expect(posts).toBe(2);
    expect(rig.failed).toEqual([{ mediaId: 'm-1', reason: expect.stringContaining('1999 bytes where 2000 were sent') }]);
    expect(rig.jobs.jobs.has('m-1')).toBe(true);
  });

  it('"already there" is not believed without the size either', async () => {
    await scripted(headWith(404), (_request, response) => envelope(response, 409, { statusCode: 18 }));
    await carry(ANY_2XX);
    expect(rig.jobs.jobs.has('m-1')).toBe(true);
  });

  it.each<[string, object]>([
    ['statusCode0', {}],
    ['no path to ask at', { paths: { content: null }, upload: { success: 'any2xx' } }],
  ])('asks for no size with %s', async (_what, config) => {
    await scripted(headWith(404), (_request, response) => envelope(response, 201, { statusCode: 0 }));
    await carry(rwsSchema.parse(config));
    expect(rig.uploaded).toEqual(['m-1']);
    expect(methodsAndPaths().some((line) => line.startsWith('HEAD'))).toBe(false);
  });

  it('partly ok is no success under any setting', async () => {
    await scripted(headWith(200, { 'Content-Length': '2000' }), (_request, response) => envelope(response, 200, { statusCode: 7 }));
    await carry(ANY_2XX);
    expect(rig.failed).toEqual([{ mediaId: 'm-1', reason: expect.stringContaining('in part') }]);
  });
});
