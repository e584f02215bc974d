import { isDiskFull } from '../../../src/lib/disk-full';
import { StoreError } from '../../../src/recorder/store-error';
import { SpoolSpace } from '../../../src/spool/spool-space';
import { spoolSchema } from '../../../src/config/schema';
import { FakeProblems } from '../../fakes/fake-problems';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: write`), { code, errno: -1 });

describe('why something could not be written to disk', () => {
  it.each([
    ['no room on the disk', systemError('ENOSPC'), true],
    ['no room for this user', systemError('EDQUOT'), true],
    ['no room, told by a part of the spool', new StoreError('io', 'It could not be finished.', systemError('EDQUOT')), true],
    ['a bad sector', systemError('EIO'), false],
    ['no rights', systemError('EACCES'), false],
    ['no key', new StoreError('noKey', 'No key.'), false],
    ['anything else', new Error('else'), false],
  ])('%s', (_what, error, isFull) => {
    const problems = new FakeProblems();
    const space = new SpoolSpace('/nowhere', spoolSchema.parse({}), problems);
    const failure = space.failureOf(error, 'The recording could not be written to disk');
    expect(failure.failure).toBe(isFull ? 'diskFloor' : error instanceof StoreError ? error.failure : 'io');
    expect(problems.raised.has('diskFloor')).toBe(isFull);
    expect(failure.cause === error || failure === error).toBe(true);
  });

  it.each([
    [systemError('ENOSPC'), true],
    [systemError('EDQUOT'), true],
    [systemError('EIO'), false],
    [new Error('ENOSPC'), false],
    [undefined, false],
    ['ENOSPC', false],
  ])('%s is no room: %s', (error, isFull) => {
    expect(isDiskFull(error)).toBe(isFull);
  });
});
