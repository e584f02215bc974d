import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { basic, sendRequest } from '../../support/http-request';

const NEW = 'https://new-desktop.example.com';
const PREFLIGHT = { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'authorization,content-type' };

/** An administrator is told which origin to allow, and no page on the web can make the tray turn amber by calling this computer. */
describe('an origin that is refused', () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.stop());

  const shown = (): string | undefined => api.problems.raised.get('originRefused')?.remedy;

  it.each([
    ['asks whether it may send credentials', 'OPTIONS', PREFLIGHT],
    ['sends credentials', 'GET', { Authorization: basic('agent', 'secret') }],
  ])('is shown with the line to add when a page %s', async (_what, method, headers) => {
    const answer = await sendRequest(api.base, { method, path: '/api/v2/me', headers: { Origin: NEW, ...headers } });
    expect(answer.status).toBe(403);
    expect(shown()).toContain(`"allowedOrigins": ["${NEW}"]`);
  });

  it.each([
    ['a page that only looks', { Origin: 'https://ads.example' }],
    ['a page without an origin of its own', { Origin: 'null', Authorization: basic('agent', 'secret') }],
    ['no origin at all', { Authorization: basic('agent', 'secret') }],
    ['a name that is none', { Origin: 'https://a"><b.example', Authorization: basic('agent', 'secret') }],
    ['one that is allowed', { Origin: DESKTOP, Authorization: basic('agent', 'secret') }],
  ])('is not shown for %s', async (_what, headers) => {
    await sendRequest(api.base, { path: '/ping', headers });
    expect(shown()).toBeUndefined();
  });

  it('is named once, and no more than five are', async () => {
    for (const number of [1, 1, 2, 3, 4, 5, 6, 7])
      await sendRequest(api.base, { path: '/ping', headers: { Origin: `https://d${number}.example.com`, Authorization: basic('a', 'b') } });
    expect(shown()?.match(/https:/g)).toHaveLength(5);
  });
});
