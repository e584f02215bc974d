import type { Caller } from '../caller';
import type { Check } from '../check';
import { expect, expectError, expectHeader, expectStatus, namesIn } from '../expect';

const PATHS = ['/api/v2/me', '/ping', '/version'] as const;
const HEADERS = ['authorization', 'content-type', 'x-support-csrfp', 'x-csrf-token'];
/** RFC 2606: nobody's. */
const FOREIGN = 'https://not-allowed.invalid';
const ALLOW_ORIGIN = 'access-control-allow-origin';

const preflight = (path: string): Check => ({
  id: `cors.preflight ${path}`,
  claim: `OPTIONS ${path} of an allowed origin answers 200 with that origin, credentials, GET and POST, and the headers of the API`,
  rule: 'documented',
  async run(caller) {
    const asked = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': HEADERS.join(',') };
    const answer = await caller.call({ method: 'OPTIONS', path, headers: asked });
    expectStatus(answer, 200);
    expectHeader(answer, ALLOW_ORIGIN, (value) => value === caller.options.origin);
    expectHeader(answer, 'access-control-allow-credentials', (value) => value === 'true');
    expectHeader(answer, 'access-control-allow-methods', (value) => ['get', 'post'].every((name) => namesIn(value).includes(name)));
    expectHeader(answer, 'access-control-allow-headers', (value) => HEADERS.every((name) => namesIn(value).includes(name)));
  },
});

const refused = (path: string, origin: string | null): Check => ({
  id: `cors.refused ${path} ${origin ?? 'none'}`,
  claim: `GET ${path} ${origin === null ? 'without an Origin' : `of the origin ${origin}`} answers 403, 3, without CORS headers`,
  rule: 'ours',
  async run(caller) {
    const answer = await caller.call({ path, headers: { ...caller.own, Origin: origin } });
    expectError(answer, 403, 3);
    expectHeader(answer, ALLOW_ORIGIN, (value) => value === '');
  },
});

async function foreignPreflight(caller: Caller): Promise<void> {
  const headers = { Origin: FOREIGN, 'Access-Control-Request-Method': 'GET' };
  const answer = await caller.call({ method: 'OPTIONS', path: '/api/v2/me', headers });
  expectHeader(answer, ALLOW_ORIGIN, (value) => value === '');
}

export const corsChecks: readonly Check[] = [
  ...PATHS.map(preflight),
  {
    id: 'cors.answer',
    claim: 'an answer carries CORS headers for its origin, lets a page read the CSRF headers, and varies by Origin',
    rule: 'documented',
    async run(caller) {
      const answer = await caller.ping();
      expectHeader(answer, ALLOW_ORIGIN, (value) => value === caller.options.origin);
      expectHeader(answer, 'access-control-allow-credentials', (value) => value === 'true');
      expectHeader(answer, 'access-control-expose-headers', (value) => {
        return ['x-csrf-header', 'x-csrf-token'].every((name) => namesIn(value).includes(name));
      });
      expectHeader(answer, 'vary', (value) => namesIn(value).includes('origin'));
    },
  },
  {
    id: 'cors.privateNetwork',
    claim: 'a pre-flight that asks for private network access is granted it',
    rule: 'ours',
    async run(caller) {
      const headers = { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Private-Network': 'true' };
      const answer = await caller.call({ method: 'OPTIONS', path: '/api/v2/me', headers });
      expectHeader(answer, 'access-control-allow-private-network', (value) => value === 'true');
    },
  },
  { id: 'cors.foreignPreflight', claim: 'a pre-flight of another origin gets no CORS headers', rule: 'ours', run: foreignPreflight },
  ...['/api/v2/me', '/ping'].flatMap((path) => [refused(path, FOREIGN), refused(path, 'null'), refused(path, null)]),
  {
    id: 'host.rebound',
    claim: 'a request whose Host is another name is not answered (421): a page cannot point its own name here',
    rule: 'ours',
    async run(caller) {
      const answer = await caller.call({ path: '/version', headers: { Host: `not-allowed.invalid:${caller.options.url.port}` } });
      expect(answer.status === 421, `It answered ${answer.status}`);
    },
  },
];
