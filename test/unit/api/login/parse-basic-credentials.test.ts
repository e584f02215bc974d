import fc from 'fast-check';
import { parseBasicCredentials } from '../../../../src/api/login/caller';

const encode = (text: string, encoding: BufferEncoding = 'utf8'): string => Buffer.from(text, encoding).toString('base64');

describe('parseBasicCredentials', () => {
  it.each([
    ['a plain pair', `Basic ${encode('agent:secret')}`, 'agent', 'secret'],
    ['a scheme in any case', `bAsIc   ${encode('agent:secret')}`, 'agent', 'secret'],
    ['a password with colons', `Basic ${encode('agent:a:b:c')}`, 'agent', 'a:b:c'],
    ['an empty password', `Basic ${encode('agent:')}`, 'agent', ''],
    ['UTF-8', `Basic ${encode('jürgen:пароль')}`, 'jürgen', 'пароль'],
    ['Latin-1', `Basic ${encode('jürgen:paß', 'latin1')}`, 'jürgen', 'paß'],
    ['missing padding', `Basic ${encode('agent:secre').replace(/=+$/, '')}`, 'agent', 'secre'],
  ])('reads %s', (_what, header, userName, password) => {
    const credentials = parseBasicCredentials(header);
    expect([credentials?.userName, credentials?.password.reveal()]).toEqual([userName, password]);
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['the scheme alone', 'Basic'],
    ['the scheme and a space', 'Basic '],
    ['another scheme', `Bearer ${encode('agent:secret')}`],
    ['no base64', 'Basic !!!!'],
    ['two values', `Basic ${encode('a:b')}, Basic ${encode('a:b')}`],
    ['no colon', `Basic ${encode('agent')}`],
    ['no user name', `Basic ${encode(':secret')}`],
    ['a line break', `Basic ${encode('agent:sec\r\nret')}`],
    ['a NUL', `Basic ${encode('age\u0000nt:secret')}`],
  ])('refuses %s', (_what, header) => {
    expect(parseBasicCredentials(header)).toBeUndefined();
  });

  it('gives back every name and password that RFC 7617 allows', () => {
    const allowed = fc.string({ unit: 'binary' }).filter((text) => !/[\u0000-\u001f\u007f]/.test(text)); // eslint-disable-line no-control-regex
    fc.assert(
      fc.property(
        allowed.filter((name) => name !== '' && !name.includes(':')),
        allowed,
        (userName, password) => {
          const credentials = parseBasicCredentials(`Basic ${encode(`${userName}:${password}`)}`);
          expect([credentials?.userName, credentials?.password.reveal()]).toEqual([userName, password]);
        },
      ),
    );
  });

  it('survives anything', () => {
    fc.assert(fc.property(fc.string(), (header) => void parseBasicCredentials(header)));
    fc.assert(fc.property(fc.base64String(), (text) => void parseBasicCredentials(`Basic ${text}`)));
  });
});
