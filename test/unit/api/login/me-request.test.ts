import fc from 'fast-check';
import { ApiError } from '../../../../src/api/errors';
import { parseMeRequest } from '../../../../src/api/login/me-request';

const parse = (body: unknown): unknown => parseMeRequest(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

function refusalOf(body: string | Uint8Array): ApiError | undefined {
  try {
    parseMeRequest(Buffer.from(body as string));
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

describe('parseMeRequest', () => {
  it('takes no body, and white space, for a login without configuration', () => {
    expect(parseMeRequest(undefined)).toEqual({ type: 'login', parameters: { unknownNames: [] } });
    expect(parse(' \r\n')).toEqual({ type: 'login', parameters: { unknownNames: [] } });
    expect(parse([])).toEqual({ type: 'login', parameters: { unknownNames: [] } });
  });

  it('reads every documented parameter', () => {
    const devices = [
      { dn: 'DN1', switch: 'Switch' },
      { dn: 'DN2', switch: '' },
    ];
    const body = [
      { name: 'server', value: 'https://rws.dc1.example.com' },
      { name: 'peer_server', value: 'https://rws.dc2.example.com' },
      { name: 'place', value: 'Place' },
      { name: 'devices', value: devices },
    ];
    expect(parse(body)).toEqual({
      type: 'login',
      parameters: {
        server: 'https://rws.dc1.example.com',
        peer_server: 'https://rws.dc2.example.com',
        place: 'Place',
        devices,
        unknownNames: [],
      },
    });
  });

  const empty = ['"value":""', '"value":" \\t\\u00a0"', '"value":null', '"more":1'];
  it.each(['server', 'peer_server', 'place', 'devices'].flatMap((name) => empty.map((value) => `{"name":"${name}",${value}}`)))(
    'takes %s for a parameter that was not sent',
    (entry) => expect(parse(`[${entry}]`)).toEqual({ type: 'login', parameters: { unknownNames: [] } }),
  );

  it('takes an empty value for no value, also after one that was given', () => {
    const body = '[{"name":"place","value":"p"},{"name":"place","value":""},{"name":"devices","value":[]}]';
    expect(parse(body)).toEqual({ type: 'login', parameters: { place: 'p', devices: [], unknownNames: [] } });
  });

  it('ignores names it does not know, whatever their value, and lists them', () => {
    const body = '[{"name":"colour","value":{"a":[1]}},{"name":"__proto__","value":{"server":"x"}},{"name":"constructor"}]';
    expect(parse(body)).toEqual({ type: 'login', parameters: { unknownNames: ['colour', '__proto__', 'constructor'] } });
  });

  it('ignores more in a device than it knows', () => {
    expect(parse([{ name: 'devices', value: [{ dn: '1', switch: 's', more: 1 }] }])).toMatchObject({
      parameters: { devices: [{ dn: '1', switch: 's' }] },
    });
  });

  it('reads a logout', () => {
    expect(parse({ operationName: 'EndContactCenterSession' })).toEqual({ type: 'logout' });
  });

  it.each([
    ['body', '{'],
    ['body', 'hello'],
    ['body', Buffer.from([0x5b, 0xff, 0x5d])],
    ['body', 'null'],
    ['body', '"text"'],
    ['body', '42'],
    ['operationName', '{}'],
    ['operationName', '{"operationName":"StartContactCenterSession"}'],
    ['operationName', '{"operationName":7}'],
    ['operationName', '{"__proto__":{"operationName":"EndContactCenterSession"}}'],
    ['[0]', '[1]'],
    ['[0]', '[null]'],
    ['[0]', '[[]]'],
    ['[0].name', '[{}]'],
    ['[1].name', '[{"name":"place","value":"p"},{"name":1,"value":2}]'],
    ['server', '[{"name":"server","value":42}]'],
    ['server', '[{"name":"server","value":0}]'],
    ['server', '[{"name":"server","value":false}]'],
    ['server', '[{"name":"server","value":[]}]'],
    ['place', '[{"name":"place","value":0}]'],
    ['devices', '[{"name":"devices","value":0}]'],
    ['devices[0].dn', '[{"name":"devices","value":[{"dn":7001,"switch":"s"}]}]'],
    ['devices[0].dn', '[{"name":"devices","value":[{"dn":null,"switch":"s"}]}]'],
    ['peer_server', '[{"name":"peer_server","value":["https://rws"]}]'],
    ['place', '[{"name":"place","value":{}}]'],
    ['place', '[{"name":"place","value":true}]'],
    ['devices', '[{"name":"devices","value":"DN1"}]'],
    ['devices', '[{"name":"devices","value":{"dn":"1","switch":"s"}}]'],
    ['devices[0]', '[{"name":"devices","value":["DN1"]}]'],
    ['devices[0].dn', '[{"name":"devices","value":[{"switch":"s"}]}]'],
    ['devices[0].dn', '[{"name":"devices","value":[{"dn":"","switch":"s"}]}]'],
    ['devices[1].switch', '[{"name":"devices","value":[{"dn":"1","switch":"s"},{"dn":"2","switch":3}]}]'],
  ])('names the field %s that is wrong in %s', (field, body) => {
    expect(refusalOf(body)).toMatchObject({
      httpStatus: 400,
      statusCode: 2,
      message: expect.stringContaining(`Parameter ${field} is invalid: `),
    });
  });

  it('either understands a body or refuses it as 400', () => {
    const body = fc.oneof(fc.json(), fc.string(), fc.uint8Array());
    fc.assert(
      fc.property(body, (value) => {
        expect([undefined, 400]).toContain(refusalOf(value)?.httpStatus);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never says back what it was sent', () => {
    const marker = 'h7Gk2pQ9';
    const wrong = fc.constantFrom(
      `[{"name":"server","value":{"${marker}":1}}]`,
      `[{"name":"devices","value":["${marker}"]}]`,
      `{"operationName":"${marker}"}`,
      `${marker}`,
    );
    fc.assert(fc.property(wrong, (value) => expect(refusalOf(value)?.message).not.toContain(marker)));
  });

  it('survives deep nesting', () => {
    expect(refusalOf('['.repeat(60_000))?.httpStatus).toBe(400);
    expect(refusalOf(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)?.httpStatus).toBe(400);
  });
});
