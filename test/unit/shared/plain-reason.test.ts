import { plainReason } from '../../../src/shared/plain-reason';

const system = (message: string, syscall: string): Error =>
  Object.assign(new Error(message), { code: message.split(':')[0], errno: -1, syscall });

describe('what people and RWS are told of an error', () => {
  it.each([
    [system("EPERM: operation not permitted, rename '/home/ann/a b/x' -> '/home/ann/y'", 'rename'), 'EPERM: operation not permitted'],
    [system("EBUSY: resource busy or locked, open 'C:\\Users\\Ann Lee\\x.json'", 'open'), 'EBUSY: resource busy or locked'],
    [system('EIO: i/o error, read', 'read'), 'EIO: i/o error'],
    [system('connect ECONNREFUSED 10.0.0.1:443', 'connect'), 'connect ECONNREFUSED 10.0.0.1:443'],
    [new Error("Cannot find module '/opt/srs/dist/x.js'"), 'Cannot find module …'],
    [new Error('Failed to launch /usr/bin/chromium: it ended'), 'Failed to launch … it ended'],
    [new Error('spawn C:\\Program failed'), 'spawn … failed'],
    [new Error('see \\\\server\\share\\file'), 'see …'],
    [new Error('import of file:///opt/srs/x.mjs'), 'import of …'],
    [new Error('https://rws.example.com/api/v2/me answered 503'), 'https://rws.example.com/api/v2/me answered 503'],
    [new Error('30 frames/s, and/or 2/3'), '30 frames/s, and/or 2/3'],
    ['just text', 'just text'],
  ])('%s', (error, told) => {
    expect(plainReason(error)).toBe(told);
  });
});
