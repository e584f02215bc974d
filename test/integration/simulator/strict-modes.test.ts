import { CONTACT_CENTER_ID } from '../../../src/simulator/accounts';
import { until } from '../../support/until';
import { makeUpload } from './raw-client';
import { SimulatorUnderTest } from './simulator-under-test';

const rws = new SimulatorUnderTest();
const codes = ({ status, body }: { status: number; body: Record<string, unknown> }): unknown[] => [status, body['statusCode']];

afterEach(() => rws.stop());

it('without CSRF no header of it is sent', async () => {
  await rws.start();
  expect((await rws.client().me()).headers.get('X-CSRF-HEADER')).toBeNull();
});

describe('with CSRF required', () => {
  beforeEach(() => rws.start({ strict: { csrf: true } }));

  it('a POST without the token is refused, with it taken, CometD’s too', async () => {
    const client = rws.client();
    const me = await client.me();
    const refused = await client.operate('StartContactCenterSession');
    expect([...codes(refused), refused.body['statusMessage']]).toEqual([403, 3, 'Missing or invalid Csrf token']);
    await expect(client.handshake()).rejects.toThrow('403');
    client.takeCsrf(me);
    await client.signIn();
    expect(rws.simulator.control.agents()).toMatchObject([{ isListening: true, hasSession: true }]);
  });

  it('a rotated token is refused until it was fetched anew', async () => {
    const client = rws.client();
    client.takeCsrf(await client.me());
    rws.simulator.control.rotateCsrf();
    expect(codes(await client.operate('StartContactCenterSession'))).toEqual([403, 3]);
    client.takeCsrf(await client.me());
    expect(codes(await client.operate('StartContactCenterSession'))).toEqual([200, 0]);
  });
});

describe('with all cookies required', () => {
  beforeEach(() => rws.start({ strict: { cookies: true } }));

  it.each(['JSESSIONID', 'RWSNODE'])('a request without %s is not logged in', async (name) => {
    const client = rws.client();
    await client.me();
    expect(codes(await client.operate('StartContactCenterSession'))).toEqual([200, 0]);
    client.cookies.delete(name);
    expect(codes(await client.operate('StartContactCenterSession'))).toEqual([403, 20]);
    await client.me();
    expect(codes(await client.operate('StartContactCenterSession'))).toEqual([200, 0]);
  });

  it('rotated cookies arrive with the next answer; the old ones hold until the new ones came back', async () => {
    const client = rws.client();
    await client.me();
    const old = client.cookies.get('JSESSIONID') ?? '';
    rws.simulator.control.rotateCookies();
    await client.operate('StartContactCenterSession');
    const renewed = client.cookies.get('JSESSIONID') ?? '';
    expect(renewed).not.toBe(old);
    client.cookies.set('JSESSIONID', old);
    expect(codes(await client.operate('StartContactCenterSession'))).toEqual([200, 0]);
    client.cookies.set('JSESSIONID', renewed);
    expect(codes(await client.operate('StartContactCenterSession'))).toEqual([200, 0]);
    client.cookies.set('JSESSIONID', old);
    expect(codes(await client.operate('StartContactCenterSession'))).toEqual([403, 20]);
  });

  it('a handshake keeps both kinds of cookies', async () => {
    const client = rws.client();
    await client.me();
    rws.simulator.control.rotateCookies();
    await client.handshake();
    await client.subscribe();
    expect([...client.cookies.keys()].sort()).toEqual(['BAYEUX_BROWSER', 'JSESSIONID', 'RWSNODE']);
  });
});

it('a session that is over has to log in again', async () => {
  await rws.start({ strict: { sessionSeconds: 0.05 } });
  const client = rws.client();
  await client.me();
  await until('the session to be over', async () => (await client.operate('StartContactCenterSession')).status === 403);
  await client.me();
  expect(codes(await client.operate('StartContactCenterSession'))).toEqual([200, 0]);
});

it('without reports their path is not there', async () => {
  await rws.start({ strict: { reports: false } });
  const json = { operationName: 'ReportScreenRecordingState', state: 'Recording' };
  expect(codes(await rws.client().ask('POST', '/api/v2/me/screen-recordings/r1', { json }))).toEqual([404, 6]);
});

describe('uploads', () => {
  it('of another agent are refused when only own ones are taken', async () => {
    await rws.start();
    const upload = makeUpload(Buffer.from('x'), CONTACT_CENTER_ID, 'agent2');
    rws.simulator.control.setStrict({ ownUploadsOnly: true });
    expect(codes(await rws.client('agent1').ask('POST', upload.path, { body: upload.form }))).toEqual([403, 3]);
    expect(codes(await rws.client('agent2').ask('POST', upload.path, { body: upload.form }))).toEqual([201, 0]);
  });

  it('beyond the limit are refused', async () => {
    await rws.start({ strict: { maxUploadBytes: 100 } });
    const upload = makeUpload(Buffer.alloc(1000), CONTACT_CENTER_ID);
    expect(codes(await rws.client().ask('POST', upload.path, { body: upload.form }))).toEqual([413, 2]);
  });
});
