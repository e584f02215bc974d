import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { z } from 'zod';
import { describeApi } from '../../../src/api/openapi';
import type { snapshotSchema } from '../../../src/api/snapshot-schema';
import { RwsError } from '../../../src/shared/rws-error';
import type { Snapshot } from '../../../src/shared/snapshot';
import { FakeConnectionOwners } from '../../fakes/fake-connection-owners';
import { basic, sendRequest, type TestAnswer, type TestRequest } from '../../support/http-request';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: object; readonly headers?: Readonly<Record<string, { readonly required?: boolean }>> }>
  >;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const FILE = join(__dirname, '..', '..', '..', 'docs', 'openapi.json');
const OWN = { Origin: DESKTOP, Authorization: basic('agent', 'secret') };
const AGENT = { userName: 'agent', firstName: 'Ada', lastName: 'Agent', place: 'P', devices: [{ dn: '1', switch: 'S' }] };
const TIME = '2026-01-05T08:00:00.000Z';

/** A snapshot with something in every corner. */
const FULL: Snapshot = {
  revision: 7,
  time: TIME,
  version: '8.5.102.03',
  packageVersion: '1.2.3',
  isDemo: true,
  endpoints: ['http://127.0.0.1:8080'],
  session: {
    status: 'connected',
    agent: AGENT,
    server: 'https://rws.example.com',
    which: 'peer',
    since: TIME,
    lastContact: TIME,
    lastPoll: TIME,
  },
  recorder: {
    status: 'paused',
    pausedSince: TIME,
    recordingId: 'r',
    userName: 'agent',
    since: TIME,
    segment: 2,
    framesPerSecond: 5,
    bytes: 12,
    displays: [{ x: 0, y: 0, width: 1920, height: 1080 }],
  },
  uploads: {
    pendingBytes: 3,
    jobs: [
      {
        mediaId: 'm',
        recordingId: 'r',
        userName: 'agent',
        size: 3,
        createdAt: TIME,
        state: { status: 'uploading', sent: 1, total: 3, estimatedSeconds: 2 },
      },
      {
        mediaId: 'n',
        recordingId: 'r',
        userName: 'agent',
        size: 3,
        createdAt: TIME,
        state: { status: 'waiting', nextTry: TIME, reason: 'away' },
      },
      { mediaId: 'o', recordingId: 'r', userName: 'agent', size: 3, createdAt: TIME, state: { status: 'quarantined', reason: '413' } },
    ],
  },
  problems: [{ code: 'certificateExpiring', since: TIME, text: 'It ends soon.', remedy: 'Renew it.' }],
  history: [{ time: TIME, recordingId: 'r', userName: 'agent', event: 'failed', reason: 'x' }],
};
/** The compiler's half: the described snapshot knows everything that the real one may say. */
const DESCRIBED: z.output<typeof snapshotSchema> = FULL;

describe('docs/openapi.json', () => {
  let api: ApiUnderTest;
  const owners = new FakeConnectionOwners();
  let description: Description;
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  const seen = new Set<string>();

  beforeAll(async () => {
    description = JSON.parse(await readFile(FILE, 'utf8')) as Description;
    ajv.addSchema(description, 'openapi.json');
    api = await startApi({ owners });
  });
  afterAll(() => api.stop());

  it('is what the schemas in the code say (else: node scripts/generate-openapi.mjs)', () => {
    expect(description).toEqual(describeApi());
  });

  const rws = (kind: 'unavailable' | 'refused', httpStatus: number, statusCode?: number): RwsError =>
    new RwsError({ kind, httpStatus, statusMessage: 'As RWS says.', ...(statusCode === undefined ? {} : { statusCode }) });
  const post = (body: string, headers: Record<string, string> = {}): TestRequest => ({
    method: 'POST',
    path: '/api/v2/me',
    headers: { ...OWN, ...headers },
    body,
  });
  const logout = '{"operationName":"EndContactCenterSession"}';
  const retry = (body = '', headers: Record<string, string> = {}): TestRequest => ({
    method: 'POST',
    path: '/uploads/retry',
    headers: { Authorization: 'Bearer TOKEN', 'Content-Type': 'application/json', ...headers },
    body,
  });
  const stranger = (): unknown => owners.next.push({ relation: 'otherUser', user: 'ben' });
  const unknown = (): unknown => owners.next.push(new Error('not in time'));
  const foreignHost = { Host: 'evil.example' };

  const rows: readonly (readonly [what: string, request: TestRequest, httpStatus: number, before?: () => unknown])[] = [
    ...['/api/v2/me', '/ping', '/version'].flatMap((path) => [
      [`pre-flight ${path}`, { method: 'OPTIONS', path, headers: { Origin: DESKTOP } }, 200] as const,
      [`foreign pre-flight ${path}`, { method: 'OPTIONS', path, headers: { Origin: 'null' } }, 403] as const,
      [`pre-flight ${path} at a foreign host`, { method: 'OPTIONS', path, headers: foreignHost }, 421] as const,
    ]),
    ...(['/api/v2/me', '/ping', '/version', '/status'] as const).flatMap((path) => [
      [`${path} of another user`, { path, headers: OWN }, 403, stranger] as const,
      [`${path} of nobody knows whom`, { path, headers: OWN }, 503, unknown] as const,
    ]),
    ['HEAD version of another user', { method: 'HEAD', path: '/version' }, 403, stranger],
    ['HEAD version of nobody knows whom', { method: 'HEAD', path: '/version' }, 503, unknown],
    ['retry of another user', retry(), 403, stranger],
    ['retry of nobody knows whom', retry(), 503, unknown],
    ['login', { path: '/api/v2/me', headers: { ...OWN, 'X-Support-CSRFP': 'True' } }, 200],
    ['login without credentials', { path: '/api/v2/me', headers: { Origin: DESKTOP } }, 401],
    ['foreign login', { path: '/api/v2/me', headers: { ...OWN, Origin: 'null' } }, 403],
    ['login at a foreign host', { path: '/api/v2/me', headers: foreignHost }, 421],
    ['login while RWS is away', { path: '/api/v2/me', headers: OWN }, 503, () => api.service.failures.push(rws('unavailable', 503))],
    ['login with a fault', { path: '/api/v2/me', headers: OWN }, 500, () => api.service.failures.push(new Error('fault'))],
    ['login without a server', { path: '/api/v2/me', headers: OWN }, 400, () => (api.service.configuredServer = undefined)],
    [
      'login with configuration',
      post('[{"name":"place","value":"P"},{"name":"x","value":1}]'),
      200,
      () => (api.service.configuredServer = 'https://rws.example.com'),
    ],
    ['ping', { path: '/ping', headers: OWN }, 200],
    ['ping without credentials', { path: '/ping', headers: { Origin: DESKTOP } }, 401],
    ['foreign ping', { path: '/ping' }, 403],
    ['ping at a foreign host', { path: '/ping', headers: foreignHost }, 421],
    ['ping with a fault', { path: '/ping', headers: OWN }, 500, () => jest.spyOn(api.service, 'poll').mockImplementationOnce(fault)],
    [
      'logout with a fault',
      post(logout, { 'Content-Type': 'application/json' }),
      500,
      () => jest.spyOn(api.service, 'logout').mockImplementationOnce(fault),
    ],
    ['logout', post(logout, { 'Content-Type': 'application/json' }), 200],
    ['logout without a session', post(logout, { 'Content-Type': 'application/json' }), 401],
    ['logout as a form', post(logout), 415],
    ['too much', post('x'.repeat(70_000)), 413],
    ['a wrong parameter', post('[{"name":"place","value":7}]'), 400],
    ['a refused agent', post(''), 403, () => api.service.failures.push(rws('refused', 403, 5))],
    ['RWS away', post(''), 503, () => api.service.failures.push(rws('unavailable', 500))],
    ['POST at a foreign host', post('', foreignHost), 421],
    ['version', { path: '/version' }, 200],
    ['version at a foreign host', { path: '/version', headers: foreignHost }, 421],
    ['HEAD version', { method: 'HEAD', path: '/version' }, 200],
    ['HEAD version at a foreign host', { method: 'HEAD', path: '/version', headers: foreignHost }, 421],
    ['status', { path: '/status', headers: { Authorization: 'Bearer TOKEN' } }, 200],
    ['status without a token', { path: '/status' }, 401],
    ['status at a foreign host', { path: '/status', headers: foreignHost }, 421],
    [
      'status with everything in it',
      { path: '/status', headers: { Authorization: 'Bearer TOKEN' } },
      200,
      () => jest.spyOn(api.service, 'snapshot').mockReturnValueOnce(DESCRIBED),
    ],
    [
      'status with a fault',
      { path: '/status', headers: { Authorization: 'Bearer TOKEN' } },
      500,
      () => jest.spyOn(api.service, 'snapshot').mockImplementationOnce(fault),
    ],
    ['retry of all', retry(), 200],
    ['retry of one', retry('{"mediaId":"media-1"}'), 200],
    ['retry of an unknown one', retry('{"mediaId":"other"}'), 404],
    ['retry with a wrong parameter', retry('{"mediaId":7}'), 400],
    ['retry of a foreign page', retry('', { Origin: 'https://evil.example' }), 403],
    ['retry without a token', { method: 'POST', path: '/uploads/retry' }, 401],
    ['retry as a form', retry('{"mediaId":"media-1"}', { 'Content-Type': 'text/plain' }), 415],
    ['retry with too much', retry('x'.repeat(70_000)), 413],
    ['retry at a foreign host', retry('', foreignHost), 421],
    ['retry with a fault', retry(), 500, () => jest.spyOn(api.service, 'retryUploads').mockImplementationOnce(fault)],
    ...Array.from(
      { length: 5 },
      () => ['refused credentials', { path: '/api/v2/me', headers: { ...OWN, Authorization: basic('agent', 'x') } }, 401] as const,
    ),
    ['too many refused logins', { path: '/api/v2/me', headers: OWN }, 429],
    ['too many refused logins by POST', post(''), 429],
    ['login of another agent', { path: '/api/v2/me', headers: { ...OWN, Authorization: basic('other', 'word') } }, 200],
    ['ping after too many refused logins', { path: '/ping', headers: OWN }, 429],
  ];

  const cases = rows.map(([what, request, httpStatus, before]) => ({ what, request, httpStatus, before }));

  it.each(cases)('describes what the service answers: $what', async ({ request, httpStatus, before }) => {
    before?.();
    const token = await api.statusToken();
    const headers = Object.fromEntries(
      Object.entries(request.headers ?? {}).map(([name, value]) => [name, String(value).replace('TOKEN', token)]),
    );
    const answer = await sendRequest(api.base, { ...request, headers });
    expect(answer.status).toBe(httpStatus);
    checkAgainstDescription(request.path, (request.method ?? 'GET').toLowerCase(), answer);
  });

  it('describes nothing that is never answered', () => {
    /** Seen in connections.test.ts, and faults of constants. */
    const elsewhere = ['post /api/v2/me 408', 'post /uploads/retry 408', 'get /version 500', 'head /version 500'];
    const described = Object.entries(description.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { responses }]) =>
        Object.keys(responses).map((status) => `${method} ${path} ${status}`),
      ),
    );
    expect(described.filter((answer) => !seen.has(answer) && !elsewhere.includes(answer))).toEqual([]);
  });

  it.each([
    ['LoginConfiguration', [{ name: 'devices', value: [{ dn: '1', switch: 's' }] }], true],
    ['LoginConfiguration', {}, false],
    ['LogoutRequest', { operationName: 'EndContactCenterSession' }, true],
    ['LogoutRequest', { operationName: 'Other' }, false],
    ['RetryRequest', {}, true],
    ['RetryRequest', { mediaId: 'm' }, true],
    ['RetryRequest', { mediaID: 'm' }, false],
  ])('%s: %j is valid %s', (name, value, isValid) => {
    expect(ajv.validate({ $ref: `openapi.json#/components/schemas/${name}` }, value)).toBe(isValid);
  });

  function checkAgainstDescription(path: string, method: string, answer: TestAnswer): void {
    const response = description.paths[path]?.[method]?.responses[String(answer.status)];
    if (response === undefined) throw new Error(`${method} ${path} ${answer.status} is not described`);
    seen.add(`${method} ${path} ${answer.status}`);
    for (const [name, { required }] of Object.entries(response.headers ?? {}))
      if (required === true) expect(answer.headers[name.toLowerCase()]).toBeDefined();
    if (answer.text === '') return;
    const pointer = ['paths', path, method, 'responses', String(answer.status), 'content', 'application/json', 'schema']
      .map(escapePointer)
      .join('/');
    ajv.validate({ $ref: `openapi.json#/${pointer}` }, answer.json);
    expect(ajv.errors).toBeNull();
  }
});

function fault(): never {
  throw new Error('fault');
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
