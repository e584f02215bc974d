import { randomBytes } from 'node:crypto';
import { CONTACT_CENTER_ID } from '../../../src/simulator/accounts';
import { sendRequest, type TestAnswer } from '../../support/http-request';
import { makeUpload } from './raw-client';
import { SimulatorUnderTest } from './simulator-under-test';

const rws = new SimulatorUnderTest();
const JSON_TYPE = { 'Content-Type': 'application/json' };

function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<TestAnswer> {
  return sendRequest(rws.addresses.control, { method: 'POST', path, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) });
}

const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<TestAnswer> =>
  sendRequest(rws.addresses.control, { path, headers });

beforeEach(() => rws.start());
afterEach(() => rws.stop());

describe('who may drive the simulator', () => {
  it.each<[string, Record<string, string>, number]>([
    ['a program without Origin', {}, 409],
    ['the control page', { Origin: 'own' }, 409],
    ['a foreign page', { Origin: 'https://evil.example.com' }, 403],
    ['the example desktop', { Origin: 'desktop' }, 403],
    ['a page without an origin', { Origin: 'null' }, 403],
    ['a request that a foreign page caused', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a name that was rebound', { Host: 'evil.example.com' }, 421],
    ['another port', { Host: '127.0.0.1:1' }, 421],
  ])('%s', async (_name, headers, status) => {
    const { Origin } = headers;
    const own = { own: rws.addresses.control, desktop: rws.addresses.desktop }[Origin ?? ''];
    const answer = await post('/stop', { userName: 'agent1' }, { ...headers, ...(own === undefined ? {} : { Origin: own }) });
    expect(answer.status).toBe(status);
  });

  it('a rebound name may not read either', async () => {
    expect((await get('/recordings', { Host: 'evil.example.com' })).status).toBe(421);
  });

  it('nobody may frame or embed it', async () => {
    const { headers } = await get('/agents');
    expect(headers).toMatchObject({
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});

it('passes commands on', async () => {
  const client = rws.client();
  await client.signIn();
  expect((await get('/agents')).json).toMatchObject([{ userName: 'agent1', isListening: true }]);
  const started = await post('/start', { userName: 'agent1', recordingId: 'r1', encoding: { framesPerSecond: 2 } });
  expect(started.json).toMatchObject({ recordingId: 'r1' });
  for (const path of ['/pause', '/resume', '/stop']) expect((await post(path, { userName: 'agent1' })).status).toBe(200);
  const messages = await client.connect();
  const commands = messages.map(({ data }) => data as { operationName: string; recording: object }).filter(Boolean);
  expect(commands.map(({ operationName }) => operationName)).toEqual([
    'StartScreenRecording',
    'PauseScreenRecording',
    'ResumeScreenRecording',
    'StopScreenRecording',
  ]);
  expect(commands.map(({ recording }) => recording)).toMatchObject([
    { id: 'r1', encoding: { framesPerSecond: 2 } },
    { id: 'r1' },
    { id: 'r1' },
    { id: 'r1' },
  ]);
});

it.each<[string, string, unknown, number]>([
  ['an unknown field', '/start', { userName: 'agent1', when: 'now' }, 400],
  ['no agent', '/stop', {}, 400],
  ['an agent who is not there', '/start', { userName: 'agent1' }, 409],
  ['no such fault', '/faults', { action: { type: 'explode' } }, 400],
  ['no such mode', '/strict', { mood: true }, 400],
  ['no such data centre', '/servers', { action: 'restart', dataCentre: 'peer' }, 409],
  ['no such path', '/nothing', {}, 404],
])('%s is answered with what is wrong', async (_name, path, body, status) => {
  const answer = await post(path, body);
  expect([answer.status, answer.json]).toEqual([status, { error: expect.any(String) }]);
});

it('broken JSON is answered with 400', async () => {
  const answer = await sendRequest(rws.addresses.control, { method: 'POST', path: '/start', headers: JSON_TYPE, body: '{' });
  expect(answer.status).toBe(400);
});

it('sets, lists and removes faults', async () => {
  const { id } = (await post('/faults', { target: 'me', action: { type: 'html' } })).json as { id: string };
  expect((await get('/faults')).json).toMatchObject([{ id, target: 'me', struck: 0 }]);
  expect((await rws.client().me()).text).toMatch(/^<!DOCTYPE/);
  expect((await sendRequest(rws.addresses.control, { method: 'DELETE', path: `/faults/${id}` })).status).toBe(200);
  expect((await get('/faults')).json).toEqual([]);
});

it('throws strict modes and acts on servers', async () => {
  expect((await post('/strict', { csrf: true })).json).toMatchObject({ csrf: true, cookies: false });
  expect((await rws.client().me()).headers.get('X-CSRF-HEADER')).toBe('X-CSRF-TOKEN');
  expect((await post('/servers', { action: 'goOffline' })).json).toMatchObject([{ isOnline: false }]);
  expect((await post('/servers', { action: 'goOnline' })).json).toMatchObject([{ isOnline: true }]);
});

it('plays a recording from any byte', async () => {
  const upload = makeUpload(randomBytes(1000), CONTACT_CENTER_ID);
  await rws.client().ask('POST', upload.path, { body: upload.form });
  const response = await fetch(`${rws.addresses.control}/recordings/${upload.mediaId}.mp4`, { headers: { Range: 'bytes=10-19' } });
  expect([response.status, response.headers.get('Content-Type'), response.headers.get('Content-Range')]).toEqual([
    206,
    'video/mp4',
    'bytes 10-19/1000',
  ]);
  expect(Buffer.from(await response.arrayBuffer()).equals(upload.media.subarray(10, 20))).toBe(true);
  expect((await get('/recordings/nothing.mp4')).status).toBe(404);
  expect((await get('/recordings/..%2f..%2fetc%2fpasswd.mp4')).status).toBe(404);
});

it('streams the state now and after every change', async () => {
  const abort = new AbortController();
  const response = await fetch(`${rws.addresses.control}/events`, { signal: abort.signal });
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toContain('"agents":[]');
  await rws.client().signIn();
  let text = '';
  while (!text.includes('"isListening":true')) text += (await reader.read()).value ?? '';
  abort.abort();
  await reader.closed.catch(() => undefined);
});

it('tells the example desktop where the service is', async () => {
  rws.simulator.setSrsUrl('http://127.0.0.1:18080');
  const { json } = await sendRequest(rws.addresses.desktop, { path: '/config.json' });
  expect(json).toEqual({ srs: 'http://127.0.0.1:18080', server: rws.addresses.server });
});
