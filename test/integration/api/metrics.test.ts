import type { MetricsPage } from '../../../src/api/ports';
import { sendRequest } from '../../support/http-request';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';

const PAGE: MetricsPage = { contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8', text: async () => 'up 1\n# EOF\n' };
let api: ApiUnderTest | undefined;

afterEach(() => api?.stop());

it('GET /metrics answers whoever brings the status token, without CORS headers', async () => {
  api = await startApi({ metrics: PAGE });
  const headers = { Authorization: `Bearer ${await api.statusToken()}`, Origin: DESKTOP };
  const answer = await sendRequest(api.base, { path: '/metrics', headers });
  expect(answer).toMatchObject({ status: 200, text: 'up 1\n# EOF\n', headers: { 'content-type': PAGE.contentType } });
  expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
});

it.each([
  ['no token', {}],
  ['another token', { Authorization: 'Bearer guess' }],
  ['the agent’s own credentials', { Authorization: 'Basic YWdlbnQ6c2VjcmV0' }],
])('%s is 401, 20', async (_what, headers) => {
  api = await startApi({ metrics: PAGE });
  expect(await sendRequest(api.base, { path: '/metrics', headers })).toMatchObject({ status: 401, json: { statusCode: 20 } });
});

it('without http.metrics there is no such path', async () => {
  api = await startApi();
  const headers = { Authorization: `Bearer ${await api.statusToken()}` };
  expect(await sendRequest(api.base, { path: '/metrics', headers })).toMatchObject({ status: 404, json: { statusCode: 6 } });
});
