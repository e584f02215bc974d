import { homedir } from 'node:os';
import { createLogger } from '../../../src/lib/logger';
import { redactFields, redactText } from '../../../src/lib/redact';
import { AppError } from '../../../src/shared/errors';
import { Secret } from '../../../src/lib/secret';

const PLANTED = 'hunter2-planted';

describe('redactFields', () => {
  it.each([
    ['a Secret', { value: new Secret(PLANTED) }],
    ['a password by name', { password: PLANTED }],
    ['a header by name', { headers: { Authorization: `Basic ${PLANTED}` } }],
    ['a cookie by name', { 'Set-Cookie': `JSESSIONID=${PLANTED}` }],
    ['Basic in a text', { text: `sent Authorization: Basic ${PLANTED}== to it` }],
    ['Bearer in a text', { text: `Bearer ${PLANTED}` }],
    ['a cookie in a text', { text: `SRSSESSIONID=${PLANTED}; Path=/` }],
    ['a URL’s query', { url: `https://rws.example.com/api?secret=${PLANTED}` }],
    ['a URL’s user', { url: `https://user:${PLANTED}@rws.example.com/` }],
    ['an error’s message', { error: new Error(`refused Basic ${PLANTED}`) }],
    ['an error’s cause', { error: new Error('outer', { cause: new Error(`Bearer ${PLANTED}`) }) }],
    ['a deep field', { a: { b: { c: [{ token: PLANTED }] } } }],
    ['bytes', { bytes: Buffer.from(PLANTED) }],
  ])('removes %s', (_what, fields) => {
    expect(JSON.stringify(redactFields(fields))).not.toContain(PLANTED);
  });

  it('keeps what a reader of the log needs', () => {
    expect(redactFields({ port: 8080, url: 'https://rws.example.com:4443/api/v2/me?x=1', list: [1, 'two'], none: undefined })).toEqual({
      port: 8080,
      url: 'https://rws.example.com:4443/api/v2/me',
      list: [1, 'two'],
      none: undefined,
    });
  });

  it('writes the user’s folder as ~', () => {
    expect(redactText(`${homedir()}/spool/x`)).toBe('~/spool/x');
  });

  it('shows where a fault was noticed, and not where an expected failure was', () => {
    expect(redactFields({ error: new Error('fault') })).toMatchObject({ error: { stack: expect.stringContaining('redact.test') } });
    expect(redactFields({ error: new AppError('rws', 'offline') })).toEqual({
      error: { name: 'AppError', message: 'offline', code: 'rws' },
    });
  });

  it('ends on a value that holds itself', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(JSON.stringify(redactFields(loop))).toContain('[deep]');
  });
});

describe('createLogger', () => {
  it('writes one JSON line with area, level and redacted fields to every sink', () => {
    const lines: string[] = [];
    const sink = { write: (line: string) => void lines.push(line) };
    createLogger('info', [sink, sink]).child('rws').warn('credentials refused', { userName: 'a', password: PLANTED });
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      area: 'rws',
      msg: 'credentials refused',
      userName: 'a',
      password: '[redacted]',
    });
  });

  it('leaves out what is below the level', () => {
    const lines: string[] = [];
    createLogger('warn', [{ write: (line) => void lines.push(line) }]).info('stopped');
    expect(lines).toEqual([]);
  });
});
