import fc from 'fast-check';
import { computePort, PORT_SUM, variablesOf } from '../../../src/config/port-sum';

const HERE = { UID: 1000, SESSIONID: 7 };

describe('a port that is written as a sum', () => {
  it.each([
    ['9000+${UID}', 10_000],
    ['${UID}+9000', 10_000],
    ['9000 + ${SESSIONID}', 9007],
    [' 9000 + ${UID} % 300 ', 9100],
    ['9000+${UID}%7+${SESSIONID}%3', 9007],
    ['2000+3000%1000+${SESSIONID}', 2007],
    ['${UID}+24', 1024],
    ['64535+${UID}', 65_535],
  ])('%s is %i', (sum, port) => {
    expect(sum).toMatch(PORT_SUM);
    expect(computePort(sum, HERE)).toBe(port);
  });

  it.each([
    '8080',
    '9000',
    '',
    '${UID}-1',
    '9000-${UID}',
    '9000*${UID}',
    '(9000+${UID})%1000',
    '9000+${UID}%0',
    '9000+${UID}%${SESSIONID}',
    '9000+',
    '+${UID}',
    '${uid}+9000',
    '$UID+9000',
    '${HOME}+9000',
    '9000+${UID}.5',
    '99999999999+${UID}',
    '0x10+${UID}',
    '9000+${UID}\n',
  ])('%j is none', (text) => {
    expect(text).not.toMatch(PORT_SUM);
  });

  it.each([
    ['64536+${UID}', /^is "64536\+\$\{UID\}", which gives 65536 here; allowed: 1024 to 65535/],
    ['${SESSIONID}+1016', /which gives 1023 here/],
    ['9999999999+${UID}', /which gives 10000000999 here/],
  ])('%s is out of range, which is said with what it gives', (sum, words) => {
    expect(sum).toMatch(PORT_SUM);
    expect(computePort(sum, HERE)).toMatch(words);
  });

  it.each(['UID', 'SESSIONID'] as const)('%s that is not known is named', (name) => {
    const { [name]: _left, ...rest } = HERE;
    expect(computePort(`9000+\${${name}}`, rest)).toBe(`uses \${${name}}, which is not known here`);
  });

  it('knows which names it uses', () => {
    expect([variablesOf('9000+${UID}'), variablesOf('${SESSIONID}+${UID}')]).toEqual([['UID'], ['UID', 'SESSIONID']]);
  });

  it('any text by the grammar gives a port within the range or a sentence', () => {
    const value = fc.oneof(fc.nat().map(String), fc.constantFrom('${UID}', '${SESSIONID}'));
    const term = fc.oneof(
      value,
      fc.tuple(value, fc.integer({ min: 1, max: 99_999 })).map(([left, right]) => `${left}%${right}`),
    );
    const sums = fc.array(term, { minLength: 1, maxLength: 5 }).map((terms) => ['${UID}', ...terms].join(' + '));
    fc.assert(
      fc.property(sums, fc.nat(), fc.nat(), (sum, UID, SESSIONID) => {
        expect(sum).toMatch(PORT_SUM);
        const port = computePort(sum, { UID, SESSIONID });
        expect(typeof port === 'number' ? port >= 1024 && port <= 65_535 : port.includes('which gives')).toBe(true);
      }),
    );
  });
});
