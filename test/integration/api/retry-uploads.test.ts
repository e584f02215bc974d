import { basic, sendRequest, type TestAnswer } from '../../support/http-request';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';

describe('POST /uploads/retry', () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.stop());

  const JSON_TYPE = { 'Content-Type': 'application/json' };
  const retry = async (body: string, headers: Record<string, string> = {}, method = 'POST'): Promise<TestAnswer> =>
    sendRequest(api.base, {
      method,
      path: '/uploads/retry',
      headers: { Authorization: `Bearer ${await api.statusToken()}`, ...headers },
      ...(method === 'POST' ? { body } : {}),
    });

  it.each([
    ['all of them without a body', '', {}, undefined, 2],
    ['all of them for an empty object', '{}', JSON_TYPE, undefined, 2],
    ['one', '{"mediaId":"media-2"}', { 'Content-Type': 'application/json; charset=utf-8' }, 'media-2', 1],
  ])('tries %s', async (_what, body, headers, mediaId, retried) => {
    expect(await retry(body, headers)).toMatchObject({ status: 200, json: { statusCode: 0, retried } });
    expect(api.service.retries).toEqual([mediaId]);
  });

  it('says that nothing waits when all are asked for and there is none', async () => {
    api.service.waiting.length = 0;
    expect(await retry('')).toMatchObject({ status: 200, json: { statusCode: 0, retried: 0 } });
  });

  it('names the media id that it does not know', async () => {
    const answer = await retry('{"mediaId":"gone"}', JSON_TYPE);
    expect(answer).toMatchObject({ status: 404, json: { statusCode: 6, statusMessage: expect.stringContaining('"gone"') } });
  });

  it.each([
    ['no JSON', '{"mediaId":', JSON_TYPE, 400, 'body'],
    ['an array', '["media-1"]', JSON_TYPE, 400, 'body'],
    ['a number for the media id', '{"mediaId":1}', JSON_TYPE, 400, 'body.mediaId'],
    ['an empty media id', '{"mediaId":""}', JSON_TYPE, 400, 'body.mediaId'],
    ['a misspelt media id, which would mean all of them', '{"mediaID":"media-1"}', JSON_TYPE, 400, 'mediaID'],
    ['a form', '{"mediaId":"media-1"}', { 'Content-Type': 'text/plain' }, 415, 'application/json'],
    ['too much', `{"mediaId":"${'x'.repeat(70_000)}"}`, JSON_TYPE, 413, '64 KiB'],
  ])('refuses %s', async (_what, body, headers, httpStatus, text) => {
    const answer = await retry(body, headers);
    expect(answer).toMatchObject({ status: httpStatus, json: { statusCode: 2, statusMessage: expect.stringContaining(text) } });
    expect(api.service.retries).toEqual([]);
  });

  it.each([
    ['no token', { Authorization: 'Bearer' }],
    ['a wrong token', { Authorization: 'Bearer wrong' }],
    ["the agent's credentials", { Authorization: basic('agent', 'secret') }],
  ])('refuses %s, before it looks at the body', async (_what, headers) => {
    expect(await retry('not JSON', headers)).toMatchObject({ status: 401, json: { statusCode: 20 } });
    expect(api.service.retries).toEqual([]);
  });

  it.each([
    ['of a foreign origin', { Origin: 'https://evil.example' }],
    ['of a sandboxed frame', { Origin: 'null' }],
    ['that leaves Origin out', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
  ])('refuses a page %s, even with the token', async (_what, headers) => {
    expect(await retry('', headers)).toMatchObject({ status: 403, json: { statusCode: 3 } });
    expect(api.service.retries).toEqual([]);
  });

  it('never has CORS headers, and no pre-flight passes', async () => {
    for (const answer of [await retry('', { Origin: DESKTOP }), await retry('', { Origin: DESKTOP }, 'OPTIONS')])
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(await retry('', { Origin: DESKTOP }, 'OPTIONS')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  it('is for our own Host only', async () => {
    expect(await retry('', { Host: 'evil.example' })).toMatchObject({ status: 421, json: { statusCode: 3 } });
    expect(api.service.retries).toEqual([]);
  });
});
