import type { ConnectionOwner } from '../../../src/lib/connection-owners';
import { describePortRefusal } from '../../../src/lib/port-refusal';

describe('describePortRefusal', () => {
  const refusal = (code: string, holder?: ConnectionOwner) =>
    describePortRefusal({ address: '127.0.0.1', port: 8443, setting: 'https.port', code, holder });

  it.each([
    ['EADDRINUSE', undefined, /taken by another program$/, /^End that program, or set https.port/, false],
    ['EADDRINUSE', { relation: 'sameUser' }, /another program of this user$/, /^End that program/, false],
    ['EADDRINUSE', { relation: 'otherUser', user: 'ben' }, /another user of this computer, ben$/, /sign out/, true],
    ['EADDRINUSE', { relation: 'administrator', user: 'root' }, /another user of this computer, root$/, /sign out/, true],
    ['EACCES', undefined, /does not give port 8443/, /No program holds it\..*set https.port/, false],
  ] as const)('%s, held by %j', (code, holder, text, remedy, isAnotherUsers) => {
    expect(refusal(code, holder)).toEqual({ text: expect.stringMatching(text), remedy: expect.stringMatching(remedy), isAnotherUsers });
    if (code === 'EACCES') expect(refusal(code).remedy).not.toMatch(/end|close/i);
  });
});
