import { isCsrfRefusal, parseJson, toEnvelope, toRwsError } from '../../../../src/rws/http/envelope';

const NOW = Date.UTC(2026, 0, 5, 9, 0, 0);

describe('Retry-After', () => {
  it.each<[string, number | undefined]>([
    ['30', 30_000],
    ['3600', 3_600_000],
    ['2592000', 3_600_000],
    ['9'.repeat(400), 3_600_000],
    ['Mon, 05 Jan 2026 09:01:00 GMT', 60_000],
    ['Tue, 06 Jan 2026 09:00:00 GMT', 3_600_000],
    ['Sun, 04 Jan 2026 09:00:00 GMT', 0],
    ['soon', undefined],
  ])('of %s is %s ms', (header, expected) => {
    const answer = { status: 503, headers: { 'retry-after': header }, bytes: Buffer.alloc(0) };
    expect(toRwsError(answer, NOW)?.retryAfterMs).toBe(expected);
  });
});

describe('the envelope', () => {
  it.each<[unknown, number | undefined]>([
    [0, 0],
    ['7', 7],
    [null, undefined],
    ['', undefined],
    [' ', undefined],
    [false, undefined],
    [[], undefined],
    ['ERROR', undefined],
    [0.5, undefined],
  ])('with statusCode %j has the code %s', (statusCode, expected) => {
    expect(toEnvelope({ statusCode })?.statusCode).toBe(expected);
  });
});

describe('the text of an answer', () => {
  const WORDS = 'Zoë hat kein Büro';
  const json = (encoding: BufferEncoding): Buffer => Buffer.from(JSON.stringify({ statusCode: 3, statusMessage: WORDS }), encoding);
  const JSON_TYPE = 'application/json';

  it.each<[string | undefined, Buffer]>([
    [`${JSON_TYPE};charset=ISO-8859-1`, json('latin1')],
    [`${JSON_TYPE}; charset="iso-8859-1"`, json('latin1')],
    [`${JSON_TYPE} ;Charset = latin1; q=1`, json('latin1')],
    [`${JSON_TYPE};charset=windows-1252`, json('latin1')],
    [`${JSON_TYPE};charset=utf-16le`, json('utf16le')],
    [`${JSON_TYPE};charset=UTF-8`, json('utf8')],
    [`${JSON_TYPE};charset=unheard-of`, json('utf8')],
    [`${JSON_TYPE};charset=`, json('utf8')],
    [JSON_TYPE, json('utf8')],
    [JSON_TYPE, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), json('utf8')])],
    [JSON_TYPE, json('latin1')],
    [undefined, json('utf8')],
  ])('is decoded as %s says', (contentType, bytes) => {
    const headers = { 'content-type': contentType };
    expect(parseJson({ headers, bytes })).toEqual({ statusCode: 3, statusMessage: WORDS });
    expect(toRwsError({ status: 403, headers, bytes }, NOW)?.statusMessage).toBe(WORDS);
  });

  it('is looked at in its charset for the refusal of a CSRF token too', () => {
    const bytes = Buffer.from('Missing or invalid Csrf token', 'utf16le');
    expect(isCsrfRefusal({ status: 403, headers: { 'content-type': 'text/plain;charset=utf-16le' }, bytes })).toBe(true);
  });
});
