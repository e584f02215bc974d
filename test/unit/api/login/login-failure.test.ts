import { toLoginRefusal } from '../../../../src/api/login/login-failure';
import { AppError } from '../../../../src/shared/errors';
import { RwsError, type RwsErrorDetails } from '../../../../src/shared/rws-error';

const rws = (details: Omit<RwsErrorDetails, 'statusMessage'>, statusMessage = 'As RWS says.'): RwsError =>
  new RwsError({ ...details, statusMessage });
const RETRY = { 'Retry-After': '5' };

describe('toLoginRefusal', () => {
  it.each([
    ['refused credentials', rws({ kind: 'unauthenticated', httpStatus: 401 }), 401, 20, 'Not authenticated.', {}],
    ['403 with 20', rws({ kind: 'unauthenticated', httpStatus: 403, statusCode: 20 }), 401, 20, 'Not authenticated.', {}],
    ['403 with 3', rws({ kind: 'refused', httpStatus: 403, statusCode: 3 }), 403, 3, 'As RWS says.', {}],
    ['403 with 5', rws({ kind: 'refused', httpStatus: 403, statusCode: 5 }), 403, 5, 'As RWS says.', {}],
    ['403 with 8', rws({ kind: 'refused', httpStatus: 403, statusCode: 8 }), 403, 8, 'As RWS says.', {}],
    ['403 without a code', rws({ kind: 'refused', httpStatus: 403 }), 403, 3, 'As RWS says.', {}],
    ['200 with 5', rws({ kind: 'refused', httpStatus: 200, statusCode: 5 }), 403, 5, 'As RWS says.', {}],
    ['403 without a word', rws({ kind: 'refused', httpStatus: 403 }, ''), 403, 3, 'The recording server refused the agent.', {}],
    ['an answer on several lines', rws({ kind: 'refused', httpStatus: 403 }, 'a\r\nb\tc'), 403, 3, 'a b c', {}],
    ['404', rws({ kind: 'refused', httpStatus: 404 }), 503, 4, expect.stringContaining('try again'), RETRY],
    ['503', rws({ kind: 'unavailable', httpStatus: 503 }), 503, 4, expect.stringContaining('try again'), RETRY],
    [
      '503 with Retry-After',
      rws({ kind: 'unavailable', httpStatus: 503, retryAfterMs: 12_001 }),
      503,
      4,
      expect.any(String),
      { 'Retry-After': '13' },
    ],
    ['Retry-After of nothing', rws({ kind: 'unavailable', retryAfterMs: 0 }), 503, 4, expect.any(String), { 'Retry-After': '1' }],
    ['Retry-After of a day', rws({ kind: 'unavailable', retryAfterMs: 86_400_000 }), 503, 4, expect.any(String), { 'Retry-After': '3600' }],
    ['no connection', rws({ kind: 'unavailable' }), 503, 4, expect.stringContaining('try again'), RETRY],
    ['a broken answer', rws({ kind: 'broken', httpStatus: 200 }), 503, 4, expect.stringContaining('try again'), RETRY],
    ['a bad certificate', rws({ kind: 'tls' }), 503, 4, expect.stringContaining('try again'), RETRY],
    ['no server known', new AppError('invalidRequest', 'x'), 400, 1, expect.stringContaining('Parameter server is missing'), {}],
    [
      'a file of rws.ca that is no good',
      new AppError('configuration', 'The CA file named in rws.ca …'),
      503,
      4,
      'The CA file named in rws.ca …',
      RETRY,
    ],
    ['a service that stops', new AppError('aborted', 'x'), 503, 4, expect.stringContaining('try again'), RETRY],
  ])('answers %s', (_what, error, httpStatus, statusCode, message, headers) => {
    expect(toLoginRefusal(error)).toMatchObject({ httpStatus, statusCode, message, headers });
  });

  it('hands on what is no expected failure', () => {
    const error = new TypeError('x is not a function');
    expect(toLoginRefusal(error)).toBe(error);
  });
});
