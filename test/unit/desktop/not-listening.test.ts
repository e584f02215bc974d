import { notListening } from '../../../src/desktop/not-listening';
import { describeRaised } from '../../../src/shared/problem-catalogue';
import { AppError } from '../../../src/shared/errors';

const refused = (code: string): AppError =>
  new AppError('portTaken', 'Could not listen.', { cause: Object.assign(new Error(code), { code }) });

it.each([
  ['taken', refused('EADDRINUSE'), 'portTaken', /^Close the other program/],
  ['not given by the system', refused('EACCES'), 'portDenied', /^Set another port/],
] as const)('a port that is %s', (_what, error, code, remedy) => {
  const problem = notListening(error);
  expect(problem?.code).toBe(code);
  expect(problem && describeRaised(problem)).toMatchObject({ text: 'Could not listen.', remedy: expect.stringMatching(remedy) });
});

it.each([new AppError('internal', 'else'), new Error('else'), undefined])('%s is something else', (error) => {
  expect(notListening(error)).toBeUndefined();
});
