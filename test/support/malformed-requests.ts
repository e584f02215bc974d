import fc from 'fast-check';
import { basic } from './http-request';

/** What the right requests of an agent desktop are made of, to be spoilt. */
export interface RequestParts {
  readonly host: string;
  readonly origin: string;
}

/** HTTP requests that are wrong somewhere: in a part or two, all over, in how the parts are put together, or in single bytes. */
export function malformedRequest(parts: RequestParts): fc.Arbitrary<Buffer> {
  const right = rightRequest(parts);
  const wrongPart: fc.Arbitrary<Partial<Pieces>> = fc.oneof(
    oneOf(METHODS, fc.string({ maxLength: 12 })).map((method) => ({ method })),
    oneOf(targets(parts), bytes(60)).map((target) => ({ target })),
    oneOf(VERSIONS, bytes(8)).map((version) => ({ version })),
    fc.constantFrom(...LINE_ENDS).map((lineEnd) => ({ lineEnd })),
    oneOf(BODIES, bytes(300)).map((body) => ({ body })),
    fc.array(oneOf(headerLines(parts), bytes(80)), { minLength: 1, maxLength: 4 }).map((extra) => ({ extra })),
    fc.constantFrom<Partial<Pieces>>(
      { without: 'Host' },
      { without: 'Origin' },
      { without: 'Authorization' },
      { without: 'Content-Length' },
    ),
  );
  return fc
    .record({
      right,
      wrong: fc.array(wrongPart, { maxLength: 3 }),
      damages: fc.oneof(
        { weight: 3, arbitrary: fc.constant<Damage[]>([]) },
        { weight: 1, arbitrary: fc.array(damage(), { minLength: 1, maxLength: 3 }) },
      ),
    })
    .map(({ right: pieces, wrong, damages }) => {
      const text = assemble(Object.assign({ ...pieces }, ...wrong) as Pieces, parts);
      return Buffer.from(
        damages.reduce((spoilt, spoil) => spoil(spoilt), text),
        'latin1',
      );
    });
}

interface Pieces {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly body: string;
  readonly extra: readonly string[];
  readonly lineEnd: string;
  readonly without: string;
}

function rightRequest(parts: RequestParts): fc.Arbitrary<Pieces> {
  const rest = { version: 'HTTP/1.1', extra: [], lineEnd: '\r\n', without: '' };
  return fc.constantFrom<Pieces>(
    { ...rest, method: 'GET', target: '/api/v2/me', body: '' },
    { ...rest, method: 'POST', target: '/api/v2/me', body: '[{"name":"place","value":"P"}]' },
    { ...rest, method: 'POST', target: '/api/v2/me', body: LOGOUT },
    { ...rest, method: 'GET', target: '/ping', body: '' },
    { ...rest, method: 'OPTIONS', target: '/ping', body: '' },
    { ...rest, method: 'GET', target: `http://${parts.host}/version`, body: '' },
  );
}

function assemble({ method, target, version, body, extra, lineEnd, without }: Pieces, parts: RequestParts): string {
  const usual = usualHeaders(parts, body).filter((line) => without === '' || !line.startsWith(without));
  return [`${method} ${target} ${version}`, ...usual, ...extra, '', body].join(lineEnd);
}

const METHODS = ['GET', 'POST', 'OPTIONS', 'HEAD', 'PUT', 'TRACE', 'CONNECT', 'get', 'PRI', 'G T', ''];
const VERSIONS = ['HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/1.', 'HTTP', 'ICY/1.0', ''];
const LINE_ENDS = ['\n', '\r', '\n\r', '\r\n\r\n', '\u0000'];
const LOGOUT = '{"operationName":"EndContactCenterSession"}';
const BODIES = [
  '',
  '[]',
  '[{"name":"place","value":"P"}]',
  '[{"name":"server","value":"https://evil.example(https://evil.example)"}]',
  '[{"name":"__proto__","value":{"x":1}}]',
  '[{"name":"devices","value":[{"dn":{"toString":1},"switch":null}]}]',
  '{"operationName":{"$ne":1}}',
  LOGOUT,
  '5\r\n[{"na\r\n0\r\n\r\n',
  'FFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n',
  '-1\r\n\r\n',
  '0;ext="\r\n\r\n',
  `${'['.repeat(30_000)}`,
  'GET /ping HTTP/1.1\r\nHost: x\r\n\r\n',
  '\ufeff[]',
];

function targets({ host }: RequestParts): string[] {
  return [
    '/api/v2/me',
    '/api/v2/me',
    '/api/v2/me/',
    '/ping',
    '/version',
    '/status',
    '/uploads/retry',
    '/',
    '*',
    `http://${host}/ping`,
    'http://evil.example/ping',
    'http://[/ping',
    '//ping',
    '/%',
    '/%00',
    '/%ff%fe',
    '/../../etc/passwd',
    '/ping?__proto__[x]=1&a[b][c]=d',
    '/ping#x',
    '/ping\\..\\',
    `/${'a/'.repeat(3_000)}`,
    'evil.example:443',
    '',
  ];
}

function usualHeaders({ host, origin }: RequestParts, body: string): string[] {
  return [
    `Host: ${host}`,
    `Origin: ${origin}`,
    `Authorization: ${basic('agent', 'secret')}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
}

function headerLines({ host, origin }: RequestParts): string[] {
  return [
    `Host: ${host}`,
    'Host: evil.example',
    'Host:',
    'Host: [::1',
    'Host: 127.0.0.1:99999999999',
    `Origin: ${origin}`,
    'Origin: null',
    'Origin: https://*',
    `Origin: ${origin}, ${origin}`,
    `Authorization: ${basic('agent', 'secret')}`,
    `Authorization: ${basic('other', 'guess')}`,
    'Authorization: Basic',
    'Authorization: Basic =====',
    `Authorization: Basic ${'A'.repeat(9_000)}`,
    'Authorization: Bearer x',
    'Cookie: SRSSESSIONID=',
    'Cookie: SRSSESSIONID=x; SRSSESSIONID=y; =; ;;; a',
    `Cookie: ${'SRSSESSIONID=x;'.repeat(500)}`,
    'X-CSRF-Token: x',
    'X-Support-CSRFP: True',
    'Content-Type: application/json; charset=utf-7',
    'Content-Type: application/json; charset="',
    'Content-Type: multipart/form-data; boundary=',
    'Content-Type: ',
    'Content-Encoding: gzip',
    'Content-Encoding: x, y',
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 99999999999999999999',
    'Content-Length: 0x10',
    'Content-Length: 1000000',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding : chunked',
    'Expect: 100-continue',
    'Expect: the-unexpected',
    'Connection: Upgrade',
    'Connection: close',
    'Connection: keep-alive, close, x',
    'Upgrade: websocket',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
    'Access-Control-Request-Method: DELETE',
    'Access-Control-Request-Private-Network: true',
    'If-None-Match: *',
    'Range: bytes=0-0,5-',
    'X-Forwarded-Host: evil.example',
    'X-Forwarded-Proto: https',
    'X-HTTP-Method-Override: DELETE',
    '__proto__: x',
    'constructor: x',
    ' folded: x',
    'no colon',
    ': no name',
    'sp ace: x',
    `X-Long: ${'x'.repeat(17_000)}`,
    'X-Nul: a\u0000b',
    'X-Bare: a\rb',
    'X-High: \u00ff\u00fe',
  ];
}

type Damage = (text: string) => string;

function damage(): fc.Arbitrary<Damage> {
  const place = fc.nat({ max: 1_000_000 }).map((millionths) => millionths / 1_000_000);
  const at = (text: string, where: number): number => Math.floor(where * text.length);
  return fc.oneof(
    fc.tuple(place, bytes(4)).map(
      ([where, extra]): Damage =>
        (text) =>
          text.slice(0, at(text, where)) + extra + text.slice(at(text, where)),
    ),
    fc.tuple(place, bytes(1)).map(
      ([where, other]): Damage =>
        (text) =>
          text.slice(0, at(text, where)) + other + text.slice(at(text, where) + 1),
    ),
    fc.tuple(place, place).map(
      ([from, to]): Damage =>
        (text) =>
          text.slice(0, at(text, Math.min(from, to))) + text.slice(at(text, Math.max(from, to))),
    ),
    place.map(
      (where): Damage =>
        (text) =>
          text.slice(0, at(text, where)),
    ),
    fc.constant<Damage>((text) => text + text),
  );
}

function oneOf(known: readonly string[], other: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: other });
}

function bytes(maxLength: number): fc.Arbitrary<string> {
  return fc.uint8Array({ maxLength }).map((array) => Buffer.from(array).toString('latin1'));
}
