import { basic, sendRequest } from '../../support/http-request';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';

describe('an agent desktop on the local API', () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.stop());

  const own = { Origin: DESKTOP, Authorization: basic('agent', 'secret') };

  it('logs in, polls, reads version and status, and logs out', async () => {
    const login = await sendRequest(api.base, { path: '/api/v2/me', headers: own });
    expect(login.status).toBe(200);
    expect(login.json).toEqual({ statusCode: 0, user: { userName: 'agent', firstName: 'Ada', lastName: 'Agent' } });
    expect((await sendRequest(api.base, { path: '/ping', headers: own })).status).toBe(200);
    expect((await sendRequest(api.base, { path: '/version' })).json).toEqual({ version: '8.5.102.03' });
    const status = await sendRequest(api.base, { path: '/status', headers: { Authorization: `Bearer ${await api.statusToken()}` } });
    expect(status.json).toMatchObject({ session: { status: 'connected', agent: { userName: 'agent' } } });
    const cookie = (login.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
    const logout = await sendRequest(api.base, {
      method: 'POST',
      path: '/api/v2/me/',
      headers: { Origin: DESKTOP, Cookie: cookie, 'Content-Type': 'application/json' },
      body: '{"operationName":"EndContactCenterSession"}',
    });
    expect(logout.status).toBe(200);
    expect(api.service.logouts).toEqual(['session-1']);
    expect((await sendRequest(api.base, { path: '/ping', headers: own })).status).toBe(401);
  });

  it('gives a login with configuration to the service', async () => {
    const login = await sendRequest(api.base, {
      method: 'POST',
      path: '/api/v2/me',
      headers: own,
      body: JSON.stringify([
        { name: 'place', value: 'P1' },
        { name: 'devices', value: [{ dn: '100', switch: 'S' }] },
      ]),
    });
    expect(login.status).toBe(200);
    expect(api.service.logins[0]).toMatchObject({ details: { place: 'P1', devices: [{ dn: '100', switch: 'S' }] } });
  });
});
