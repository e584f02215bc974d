import type { PortHolder } from '../../../src/lib/connection-owners';
import { PortRefusedError, toPortProblem } from '../../../src/lib/port-refusal';
import { deniedPortRemedy, deniedPortText, takenPortRemedy, takenPortText } from '../../../src/shared/port-texts';

describe('a port that the service does not get', () => {
  const refusal = (code: string, holder?: PortHolder) => {
    const problem = toPortProblem({ address: '127.0.0.1', port: 8443, setting: 'https.port' }, code, holder);
    if (problem.code === 'portDenied') return { text: deniedPortText(problem.facts), remedy: deniedPortRemedy(problem.facts) };
    return { text: takenPortText(problem.facts), remedy: takenPortRemedy(problem.facts) };
  };

  it.each([
    ['EADDRINUSE', undefined, /taken by another program$/, /^End that program, or set https.port/],
    ['EADDRINUSE', { owner: { relation: 'sameUser' } }, /another program of this user$/, /^End that program/],
    [
      'EADDRINUSE',
      { owner: { relation: 'sameUser' }, process: { id: 7, name: 'nginx' } },
      /another program of this user \(nginx, process 7\)$/,
      /^End that program/,
    ],
    [
      'EADDRINUSE',
      { owner: { relation: 'untold', reason: 'late' }, process: { id: 7 } },
      /cannot be told whose it is \(process 7\)$/,
      /^End that program, have its user sign out/,
    ],
    [
      'EADDRINUSE',
      { owner: { relation: 'otherUser', user: 'ben' } },
      /another user of this computer, ben \(another user's process, which is not shown to this one\)$/,
      /sign out/,
    ],
    [
      'EADDRINUSE',
      { owner: { relation: 'administrator', user: 'root' }, process: { id: 7, name: 'nginx' } },
      /another user of this computer, root \(nginx, process 7\)$/,
      /sign out/,
    ],
    ['EACCES', undefined, /does not give port 8443/, /No program holds it\..*set https.port/],
  ] as const)('%s, held by %j', (code, holder, text, remedy) => {
    expect(refusal(code, holder)).toEqual({ text: expect.stringMatching(text), remedy: expect.stringMatching(remedy) });
    if (code === 'EACCES') expect(refusal(code).remedy).not.toMatch(/end|close/i);
  });

  it('is an error that says the same, and keeps the facts', () => {
    const problem = toPortProblem({ address: '127.0.0.1', port: 8443, setting: 'https.port' }, 'EADDRINUSE', undefined);
    const error = new PortRefusedError(problem, { cause: new Error('EADDRINUSE'), isRetryable: true });
    expect(error).toMatchObject({ code: 'portTaken', isRetryable: true, problem });
    expect(error.message).toContain('port 8443 on 127.0.0.1 is taken by another program');
  });
});
