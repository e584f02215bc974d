import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTACT_CENTER_ID } from '../../../src/simulator/accounts';
import { FAULT_CATALOGUE, type FaultName } from '../../../src/simulator/faults/fault-catalogue';
import { sendRequest } from '../../support/http-request';
import { until } from '../../support/until';
import { makeUpload, type Answer, type Upload } from './raw-client';
import { SimulatorUnderTest } from './simulator-under-test';

const rws = new SimulatorUnderTest();
const send = (upload: Upload, path = upload.path): Promise<Answer> => rws.client().ask('POST', path, { body: upload.form });
const newUpload = (): Upload => makeUpload(randomBytes(200_000), CONTACT_CENTER_ID);

async function expectStoredOnce(upload: Upload): Promise<void> {
  expect(rws.simulator.control.recordings().map(({ mediaId }) => mediaId)).toEqual([upload.mediaId]);
  const stored = await readFile(rws.simulator.control.mediaPath(upload.mediaId) ?? '');
  expect(stored.equals(upload.media)).toBe(true);
  expect((await readdir(join(rws.storage, upload.recordingId))).sort()).toEqual([`${upload.mediaId}.json`, `${upload.mediaId}.mp4`]);
}

async function untilNothingIsLeft(): Promise<void> {
  await until('the half-received bytes to be gone', async () => (await readdir(join(rws.storage, '.incoming'))).length === 0);
  expect(rws.simulator.control.recordings()).toEqual([]);
}

beforeEach(() => rws.start());
afterEach(() => rws.stop());

describe('an upload that is broken off', () => {
  it.each<FaultName>(['uploadCutAtStart', 'uploadCutInTheMiddle', 'uploadCutAtLastByte'])(
    '%s leaves nothing, and the next is taken',
    async (name) => {
      rws.simulator.control.faults.add(FAULT_CATALOGUE[name].fault);
      const upload = newUpload();
      await expect(send(upload)).rejects.toThrow();
      await untilNothingIsLeft();
      expect((await send(upload)).status).toBe(201);
      await expectStoredOnce(upload);
    },
  );

  it('uploadAnswerLost is there all the same, once', async () => {
    rws.simulator.control.faults.add(FAULT_CATALOGUE.uploadAnswerLost.fault);
    const upload = newUpload();
    await expect(send(upload)).rejects.toThrow();
    const again = await send(upload);
    expect([again.status, again.body['statusCode']]).toEqual([409, 18]);
    await expectStoredOnce(upload);
  });

  it('uploadStalls until the client gives up', async () => {
    rws.simulator.control.faults.add(FAULT_CATALOGUE.uploadStalls.fault);
    const upload = newUpload();
    const asked = rws.client().ask('POST', upload.path, { body: upload.form, signal: AbortSignal.timeout(500) });
    await expect(asked).rejects.toThrow('timeout');
    expect(rws.simulator.control.recordings()).toEqual([]);
  });
});

describe('an upload that is answered wrongly', () => {
  it.each<[FaultName, number, Record<string, unknown>]>([
    ['uploadTooLarge', 413, { statusCode: 2 }],
    ['uploadRefused', 400, { statusCode: 10 }],
    ['uploadForbidden', 403, { statusCode: 3 }],
    ['uploadTimeout', 408, { statusCode: 4 }],
    ['uploadWrongHash', 201, { statusCode: 0, sha256: '0'.repeat(64) }],
    ['uploadWrongSize', 201, { statusCode: 0, size: '1' }],
  ])('%s', async (name, status, body) => {
    rws.simulator.control.faults.add(FAULT_CATALOGUE[name].fault);
    const answer = await send(newUpload());
    expect([answer.status, answer.body]).toMatchObject([status, body]);
  });
});

describe('an upload that is not as the contract says', () => {
  const changed = (upload: Upload, change: (metadata: Record<string, unknown>) => void): Upload => {
    change(upload.metadata);
    upload.form.set('metadata', JSON.stringify(upload.metadata));
    return upload;
  };
  const file = (metadata: Record<string, unknown>): Record<string, unknown> =>
    (metadata['mediaFiles'] as Record<string, unknown>[])[0] ?? {};

  it.each<[string, (upload: Upload) => Promise<Answer>, number]>([
    ['of another contact centre', (upload) => send(upload, upload.path.replace(CONTACT_CENTER_ID, 'other')), 403],
    ['with a path for an id', (upload) => send(upload, upload.path.replace(upload.mediaId, '..%2f..%2fx')), 400],
    ['whose metadata names another recording', (upload) => send(changed(upload, (metadata) => (metadata['id'] = 'other'))), 400],
    ['with another size', (upload) => send(changed(upload, (metadata) => (file(metadata)['size'] = '5'))), 400],
    ['with another hash', (upload) => send(changed(upload, (metadata) => (file(metadata)['sha256'] = 'a'.repeat(64)))), 400],
    ['with a number for a duration', (upload) => send(changed(upload, (metadata) => (file(metadata)['duration'] = 5))), 400],
    ['that is no form', (upload) => rws.client().ask('POST', upload.path, { json: upload.metadata }), 415],
  ])('%s is refused and leaves nothing', async (_name, attempt, status) => {
    expect((await attempt(newUpload())).status).toBe(status);
    await untilNothingIsLeft();
  });

  it('with the media before the metadata is refused', async () => {
    const upload = newUpload();
    const form = new FormData();
    form.append('media', upload.form.get('media'), upload.mediaId);
    form.append('metadata', JSON.stringify(upload.metadata));
    expect((await rws.client().ask('POST', upload.path, { body: form })).status).toBe(400);
    await untilNothingIsLeft();
  });

  it('without a length is refused', async () => {
    const upload = newUpload();
    const headers = {
      Authorization: rws.client().authorization,
      'Content-Type': 'multipart/form-data; boundary=x',
      'Transfer-Encoding': 'chunked',
    };
    expect((await sendRequest(rws.addresses.server, { method: 'POST', path: upload.path, headers, body: '--x--' })).status).toBe(411);
  });
});

it('takes one of two uploads of the same media that come at once', async () => {
  const upload = newUpload();
  const answers = await Promise.all([send(upload), send(upload)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  await expectStoredOnce(upload);
});
