import { AxiosError } from 'axios';
import { toNetworkError, toProgramFault } from '../../../../src/rws/http/network-error';
import { AppError } from '../../../../src/shared/errors';
import { toRwsError } from '../../../../src/shared/rws-error';

const SERVER = 'https://rws.example.com';
const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED' });
const invalidHeader = Object.assign(new TypeError('Invalid character in header content ["X-Token"]'), { code: 'ERR_INVALID_CHAR' });

describe('what failed below HTTP', () => {
  it.each([
    ['of the network', refused],
    ['of the network, wrapped', AxiosError.from(refused)],
    ['without a code', new Error('socket hang up')],
    ['that is no error', 'nonsense'],
  ])('is no fault of this program when it is an error %s', (_what, error) => expect(toProgramFault(error)).toBeUndefined());

  it.each([
    ['as it is', invalidHeader],
    ['wrapped', AxiosError.from(invalidHeader)],
    ['as another kind', new RangeError('Invalid character in header content ["X-Token"]')],
  ])('keeps its own words when it is a mistake of this program, %s', (_what, error) => {
    const fault = toProgramFault(error);
    expect(fault).toMatchObject({
      code: 'internal',
      isExpected: false,
      message: expect.stringContaining('Invalid character in header content'),
    });
    expect(fault?.cause).toBeUndefined(); // axios' errors hold the whole request
  });

  it('says what the network did', () => {
    expect(toNetworkError(AxiosError.from(refused), SERVER).statusMessage).toBe(
      'rws.example.com refused the connection: is RWS running there?',
    );
  });
});

describe('a failure as an answer of RWS', () => {
  it.each([
    [new TypeError('x is not a function'), 'x is not a function'],
    [new AppError('configuration', 'The CA file is gone.'), 'The CA file is gone.'],
    [new Error(''), 'The connection to RWS was lost.'],
    [undefined, 'The connection to RWS was lost.'],
  ])('keeps its words: %s', (error, statusMessage) => expect(toRwsError(error)).toMatchObject({ kind: 'unavailable', statusMessage }));
});
