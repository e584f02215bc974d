import fc from 'fast-check';
import { decodeReply, encodeCall, messageLength } from '../../../src/lib/bus-message';
import { sessionBusPath } from '../../../src/lib/message-bus';

describe('sessionBusPath', () => {
  it.each<readonly [NodeJS.ProcessEnv, ReturnType<typeof sessionBusPath>]>([
    [{}, 'none'],
    [{ DBUS_SESSION_BUS_ADDRESS: '', XDG_RUNTIME_DIR: '' }, 'none'],
    [{ XDG_RUNTIME_DIR: '/run/user/7' }, { path: '/run/user/7/bus' }],
    [{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/tmp/a%20b%2cc' }, { path: '/tmp/a b,c' }],
    [{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/tmp/bus,guid=0123' }, { path: '/tmp/bus' }],
    [{ DBUS_SESSION_BUS_ADDRESS: 'unix:guid=0123,path=/tmp/bus' }, { path: '/tmp/bus' }],
    [{ DBUS_SESSION_BUS_ADDRESS: 'unix:abstract=/tmp/dbus-X,guid=1' }, { path: '\0/tmp/dbus-X' }],
    [{ DBUS_SESSION_BUS_ADDRESS: 'unix:runtime=yes', XDG_RUNTIME_DIR: '/run/user/7' }, { path: '/run/user/7/bus' }],
    [{ DBUS_SESSION_BUS_ADDRESS: 'tcp:host=localhost,port=1;unix:path=/tmp/bus' }, { path: '/tmp/bus' }],
    [{ DBUS_SESSION_BUS_ADDRESS: 'autolaunch:', XDG_RUNTIME_DIR: '/run/user/7' }, 'elsewhere'],
    [{ DBUS_SESSION_BUS_ADDRESS: 'unixexec:path=/bin/false' }, 'elsewhere'],
  ])('%j', (env, place) => {
    expect(sessionBusPath(env)).toEqual(place);
  });
});

describe('a message of the bus', () => {
  const call = encodeCall(7, { destination: 'a.b', path: '/a', interface: 'a.b', member: 'C', arguments: ['x', 'yé'] });

  it('has the length its head says, and none until it is whole', () => {
    expect(messageLength(call)).toBe(call.length);
    for (let length = 0; length < call.length; length += 1) expect(messageLength(call.subarray(0, length))).toBeUndefined();
    expect(messageLength(Buffer.concat([call, call]))).toBe(call.length);
  });

  it('is no reply when it is a call', () => {
    expect(decodeReply(call)).toBeUndefined();
  });

  it('never keeps the reader in a loop, whatever comes: it is read, or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 200 }), (noise) => {
        const message = Buffer.from(noise);
        message[0] = 'l'.charCodeAt(0);
        message[1] = 2;
        try {
          const length = messageLength(message);
          if (length !== undefined) decodeReply(message.subarray(0, length));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses a length nobody needs, and another byte order', () => {
    const long = Buffer.from(call);
    long.writeUInt32LE(0x7fffffff, 4);
    expect(() => messageLength(long)).toThrow('too long');
    expect(() => messageLength(Buffer.concat([Buffer.from('B'), call.subarray(1)]))).toThrow('byte order');
  });
});
