import { FAULT_CATALOGUE, type FaultName } from '../../../src/simulator/faults/fault-catalogue';
import type { Answer, RawClient } from './raw-client';
import { SimulatorUnderTest } from './simulator-under-test';

const rws = new SimulatorUnderTest();
const set = (name: FaultName): string => rws.simulator.control.faults.add(FAULT_CATALOGUE[name].fault);

beforeEach(() => rws.start());
afterEach(() => rws.stop());

describe('faults of REST', () => {
  type Ask = (client: RawClient) => Promise<Answer>;
  const getMe: Ask = (client) => client.me();
  const start: Ask = (client) => client.operate('StartContactCenterSession');
  const report: Ask = (client) =>
    client.ask('POST', '/api/v2/me/screen-recordings/r1', { json: { operationName: 'ReportScreenRecordingState', state: 'Recording' } });

  it.each<[FaultName, Ask, number, number | undefined]>([
    ['serverError', getMe, 500, 4],
    ['overloaded', getMe, 503, 4],
    ['tooManyRequests', getMe, 429, 4],
    ['badGateway', getMe, 502, undefined],
    ['html', getMe, 200, undefined],
    ['unauthorised', getMe, 401, 20],
    ['sessionGone', start, 403, 20],
    ['csrfRefused', start, 403, 3],
    ['agentForbidden', getMe, 403, 3],
    ['agentNotAuthorised', getMe, 403, 5],
    ['passwordChange', getMe, 403, 8],
    ['reportsUnknown', report, 405, 2],
  ])('%s', async (name, ask, status, statusCode) => {
    set(name);
    const answer = await ask(rws.client());
    expect([answer.status, answer.body['statusCode']]).toEqual([status, statusCode]);
  });

  it('says when to come back', async () => {
    set('overloaded');
    expect((await rws.client().me()).headers.get('Retry-After')).toBe('2');
  });

  it('sends HTML where JSON is due', async () => {
    set('html');
    const { headers, text } = await rws.client().me();
    expect([headers.get('Content-Type'), text.startsWith('<!DOCTYPE html>')]).toEqual(['text/html; charset=utf-8', true]);
  });

  it.each<FaultName>(['cutSockets', 'brokenJson'])('%s breaks the answer off', async (name) => {
    set(name);
    await expect(rws.client().me()).rejects.toThrow();
  });

  it.each<FaultName>(['hang', 'silentAnswer'])('%s leaves the client waiting', async (name) => {
    set(name);
    const asked = rws.client().ask('GET', '/api/v2/me', { signal: AbortSignal.timeout(300) });
    await expect(asked).rejects.toThrow('timeout');
  });

  it('carries a request out although its answer is lost', async () => {
    const client = rws.client();
    await client.signIn();
    rws.simulator.control.faults.add({ target: 'me', method: 'POST', times: 1, action: { type: 'cutAnswer', atByte: 0 } });
    await expect(client.operate('EndContactCenterSession')).rejects.toThrow();
    expect(rws.simulator.control.agents()).toMatchObject([{ hasSession: false }]);
  });

  it('splits UTF-8 characters without changing the answer', async () => {
    set('splitUtf8');
    expect((await rws.client().me()).body).toMatchObject({ user: { firstName: 'Zoë' } });
  });

  it('answers late, but rightly', async () => {
    rws.simulator.control.faults.add({ action: { type: 'delay', ms: 50 } });
    expect((await rws.client().me()).body).toMatchObject({ statusCode: 0 });
  });

  it('demands one more cookie, and refuses who does not return it', async () => {
    const client = rws.client();
    await client.me();
    set('demandCookie');
    await client.operate('StartContactCenterSession');
    expect(client.cookies.has('DEMANDED')).toBe(true);
    expect((await client.operate('StartContactCenterSession')).status).toBe(200);
    client.cookies.delete('DEMANDED');
    const refused = await client.operate('StartContactCenterSession');
    expect([refused.status, refused.body['statusCode']]).toEqual([403, 20]);
  });
});

describe('faults of the poll', () => {
  let client: RawClient;

  beforeEach(async () => {
    client = rws.client();
    await client.signIn();
  });

  it.each<[FaultName, number]>([
    ['pollUnauthorised', 401],
    ['pollSessionGone', 403],
    ['pollCsrfRefused', 403],
    ['pollForbidden', 403],
  ])('%s', async (name, status) => {
    set(name);
    await expect(client.connect()).rejects.toThrow(`answered with ${status}`);
  });

  it.each<[FaultName, unknown]>([
    ['unknownClient', { error: '402::Unknown client', advice: { reconnect: 'handshake' } }],
    ['unknownSession', { error: '402::session_unknown', advice: { reconnect: 'handshake', interval: 500 } }],
    ['unknownClientRetry', { error: '402::Unknown client', advice: { reconnect: 'retry' } }],
    ['unknownClientNone', { error: '402::Unknown client', advice: { reconnect: 'none' } }],
  ])('%s, and the client is forgotten until it shakes hands again', async (name, reply) => {
    set(name);
    expect(await client.connect()).toEqual([{ id: '3', channel: '/meta/connect', successful: false, ...(reply as object) }]);
    expect(rws.simulator.control.agents()).toEqual([]);
    expect((await client.connect())[0]).toMatchObject({ error: '402::session_unknown' });
    await client.handshake();
    expect(rws.simulator.control.agents()).toMatchObject([{ isListening: false }]);
    await client.subscribe();
    expect(rws.simulator.control.agents()).toMatchObject([{ isListening: true }]);
  });

  it('unknownClientNoAdvice', async () => {
    set('unknownClientNoAdvice');
    expect((await client.connect())[0]).not.toHaveProperty('advice');
  });

  it.each<FaultName>(['pollCut', 'pollHtml'])('%s, and the session goes on', async (name) => {
    set(name);
    await expect(client.connect()).rejects.toThrow();
    const { recordingId } = rws.simulator.control.startRecording('agent1');
    expect(JSON.stringify(await client.connect())).toContain(recordingId);
  });

  it('pollHang', async () => {
    set('pollHang');
    await expect(client.connect(AbortSignal.timeout(300))).rejects.toThrow('timeout');
  });

  it('handshakeRefused', async () => {
    set('handshakeRefused');
    await expect(client.handshake()).rejects.toThrow('answered with 403');
  });
});

it('strikes one agent and spares the other', async () => {
  rws.simulator.control.faults.add({ ...FAULT_CATALOGUE.serverError.fault, userName: 'agent2' });
  expect([(await rws.client().me()).status, (await rws.client('agent2').me()).status]).toEqual([200, 500]);
});
