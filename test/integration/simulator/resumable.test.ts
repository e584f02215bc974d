import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTACT_CENTER_ID } from '../../../src/simulator/accounts';
import { FAULT_CATALOGUE, type FaultName } from '../../../src/simulator/faults/fault-catalogue';
import { until } from '../../support/until';
import { makeUpload, type Answer, type RawClient, type Upload } from './raw-client';
import { SimulatorUnderTest } from './simulator-under-test';

const TUS = { 'Tus-Resumable': '1.0.0' };
const UPLOADS = `/internal-api/contact-centers/${CONTACT_CENTER_ID}/screen-recordings/uploads`;
const rws = new SimulatorUnderTest();
const encode = (text: string): string => Buffer.from(text).toString('base64');

function create(client: RawClient, { mediaId, media, metadata }: Upload, fileName = mediaId): Promise<Answer> {
  const about = `filename ${encode(fileName)},filetype ${encode('video/mp4')},metadata ${encode(JSON.stringify(metadata))}`;
  return client.ask('POST', UPLOADS, { headers: { ...TUS, 'Upload-Length': String(media.length), 'Upload-Metadata': about } });
}

function append(client: RawClient, location: string, bytes: Buffer, offset: number): Promise<Answer> {
  return client.ask('PATCH', new URL(location, rws.addresses.server).pathname, {
    body: bytes,
    headers: { ...TUS, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset) },
  });
}

async function offsetOf(client: RawClient, location: string): Promise<number> {
  const { headers } = await client.ask('HEAD', new URL(location, rws.addresses.server).pathname, { headers: TUS });
  return Number(headers.get('Upload-Offset'));
}

afterEach(() => rws.stop());

it('is not offered unless asked for', async () => {
  await rws.start();
  const { status, headers } = await rws.client().ask('OPTIONS', UPLOADS);
  expect([status, headers.get('Tus-Resumable')]).toEqual([404, null]);
});

describe('a resumable upload', () => {
  beforeEach(() => rws.start({ isResumable: true }));

  it('is offered to agents only', async () => {
    expect((await rws.client().ask('OPTIONS', UPLOADS)).headers.get('Tus-Resumable')).toBe('1.0.0');
    const stranger = rws.client();
    stranger.authorization = '';
    expect((await stranger.ask('OPTIONS', UPLOADS)).status).toBe(401);
  });

  it('is taken in parts', async () => {
    const client = rws.client();
    const upload = makeUpload(randomBytes(100_000), CONTACT_CENTER_ID);
    const location = (await create(client, upload)).headers.get('Location') ?? '';
    expect((await append(client, location, upload.media.subarray(0, 40_000), 0)).status).toBe(204);
    const last = await append(client, location, upload.media.subarray(40_000), 40_000);
    expect([last.status, last.body]).toMatchObject([200, { statusCode: 0, size: '100000' }]);
    const stored = await readFile(rws.simulator.control.mediaPath(upload.mediaId) ?? '');
    expect(stored.equals(upload.media)).toBe(true);
    expect(await readdir(join(rws.storage, '.incoming', 'tus-primary'))).toEqual([]);
    expect((await create(client, upload)).status).toBe(409);
  });

  it('goes on where it was cut', async () => {
    const client = rws.client();
    const upload = makeUpload(randomBytes(200_000), CONTACT_CENTER_ID);
    const location = (await create(client, upload)).headers.get('Location') ?? '';
    rws.simulator.control.faults.add(FAULT_CATALOGUE.resumableCut.fault);
    await expect(append(client, location, upload.media, 0)).rejects.toThrow();
    const offset = await until('some bytes to have arrived', () => offsetOf(client, location));
    expect(offset).toBeLessThanOrEqual(65_536);
    expect((await append(client, location, upload.media.subarray(offset), offset)).status).toBe(200);
    const stored = await readFile(rws.simulator.control.mediaPath(upload.mediaId) ?? '');
    expect(stored.equals(upload.media)).toBe(true);
  });

  it.each<FaultName>(['resumableAnswerLost'])('%s is there all the same', async (name) => {
    const client = rws.client();
    const upload = makeUpload(randomBytes(1000), CONTACT_CENTER_ID);
    const location = (await create(client, upload)).headers.get('Location') ?? '';
    rws.simulator.control.faults.add(FAULT_CATALOGUE[name].fault);
    await expect(append(client, location, upload.media, 0)).rejects.toThrow();
    expect(rws.simulator.control.recordings()).toHaveLength(1);
    expect((await create(client, upload)).status).toBe(409);
  });

  it('is refused with a wrong name, or when it is too large', async () => {
    const upload = makeUpload(randomBytes(1000), CONTACT_CENTER_ID);
    expect((await create(rws.client(), upload, 'other')).status).toBe(400);
    rws.simulator.control.setStrict({ maxUploadBytes: 999 });
    expect((await create(rws.client(), upload)).status).toBe(413);
  });

  it('whose bytes are not those of its hash is refused, and dropped', async () => {
    const client = rws.client();
    const upload = makeUpload(randomBytes(1000), CONTACT_CENTER_ID);
    const location = (await create(client, upload)).headers.get('Location') ?? '';
    expect((await append(client, location, randomBytes(1000), 0)).status).toBe(400);
    expect(rws.simulator.control.recordings()).toEqual([]);
    expect(await readdir(join(rws.storage, '.incoming', 'tus-primary'))).toEqual([]);
  });
});
