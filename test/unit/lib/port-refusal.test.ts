import type { PortHolder } from '../../../src/lib/connection-owners';
import { describePortRefusal } from '../../../src/lib/port-refusal';

describe('describePortRefusal', () => {
  const refusal = (code: string, holder?: PortHolder) =>
    describePortRefusal({ address: '127.0.0.1', port: 8443, setting: 'https.port', code, holder });

  it.each([
    ['EADDRINUSE', undefined, /taken by another program$/, /^End that program, or set https.port/, false],
    ['EADDRINUSE', { owner: { relation: 'sameUser' } }, /another program of this user$/, /^End that program/, false],
    [
      'EADDRINUSE',
      { owner: { relation: 'sameUser' }, process: { id: 7, name: 'nginx' } },
      /another program of this user \(nginx, process 7\)$/,
      /^End that program/,
      false,
    ],
    [
      'EADDRINUSE',
      { owner: { relation: 'untold', reason: 'late' }, process: { id: 7 } },
      /cannot be told whose it is \(process 7\)$/,
      /^End that program, have its user sign out/,
      true,
    ],
    [
      'EADDRINUSE',
      { owner: { relation: 'otherUser', user: 'ben' } },
      /another user of this computer, ben \(another user's process, which is not shown to this one\)$/,
      /sign out/,
      true,
    ],
    [
      'EADDRINUSE',
      { owner: { relation: 'administrator', user: 'root' }, process: { id: 7, name: 'nginx' } },
      /another user of this computer, root \(nginx, process 7\)$/,
      /sign out/,
      true,
    ],
    ['EACCES', undefined, /does not give port 8443/, /No program holds it\..*set https.port/, false],
  ] as const)('%s, held by %j', (code, holder, text, remedy, isAnotherUsers) => {
    expect(refusal(code, holder)).toEqual({ text: expect.stringMatching(text), remedy: expect.stringMatching(remedy), isAnotherUsers });
    if (code === 'EACCES') expect(refusal(code).remedy).not.toMatch(/end|close/i);
  });
});
