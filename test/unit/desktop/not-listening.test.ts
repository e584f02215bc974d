import { notListening } from '../../../src/desktop/not-listening';
import { PortRefusedError, toPortProblem } from '../../../src/lib/port-refusal';
import { AppError } from '../../../src/shared/errors';

const refused = (code: string): PortRefusedError =>
  new PortRefusedError(toPortProblem({ address: '127.0.0.1', port: 8080, setting: 'http.port' }, code, undefined), {
    cause: Object.assign(new Error(code), { code }),
    isRetryable: false,
  });

it.each([
  ['taken', refused('EADDRINUSE'), 'portTaken'],
  ['not given by the system', refused('EACCES'), 'portDenied'],
])('a port that is %s', (_what, error, code) => {
  expect(notListening(error)).toMatchObject({ code, facts: { port: 8080 } });
});

it.each([new AppError('internal', 'else'), new Error('else'), undefined])('%s is something else', (error) => {
  expect(notListening(error)).toBeUndefined();
});
