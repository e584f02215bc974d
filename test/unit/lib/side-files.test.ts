import { silentLogger } from '../../../src/lib/logger';
import { SideFiles } from '../../../src/lib/side-files';
import { FakeClock } from '../../fakes/fake-clock';
import { FakeProblems } from '../../fakes/fake-problems';

describe('files beside the work', () => {
  const setUp = () => {
    const clock = new FakeClock();
    const problems = new FakeProblems();
    return { clock, problems, files: new SideFiles({ clock, log: silentLogger, problems }) };
  };
  const failing = (code: string) => () => Promise.reject(Object.assign(new Error(`${code}: it cannot`), { code }));

  it('that are written are nobody’s problem', async () => {
    const { files, problems } = setUp();
    await files.keep('one', () => Promise.resolve());
    expect(problems.raised.size).toBe(0);
  });

  it.each([
    ['ENOSPC', 'Free disk space.'],
    ['EDQUOT', 'Free disk space.'],
    ['EROFS', 'Give this user the right to write'],
    ['EACCES', 'Give this user the right to write'],
  ])('that fail with %s are shown, all of them in one problem, and tried again until they can be', async (code, remedy) => {
    const { files, problems, clock } = setUp();
    let isPossible = false;
    let tries = 0;
    const write = (): Promise<void> => {
      tries += 1;
      return isPossible ? Promise.resolve() : failing(code)();
    };
    await files.keep('one', write);
    await files.keep('two', write);
    const problem = problems.raised.get('filesNotWritten');
    expect(problem?.text).toBe(`Files in the data directory cannot be written (${code}): one, two.`);
    expect(problem?.remedy).toContain(remedy);
    await clock.advance(3_000);
    await clock.advance(3_000);
    expect(tries).toBe(6);
    isPossible = true;
    await clock.advance(3_000);
    expect(problems.raised.size).toBe(0);
    await clock.advance(60_000);
    expect(tries).toBe(8);
  });

  it('are given up when they are no longer wanted, and when it is stopped', async () => {
    const { files, problems, clock } = setUp();
    let tries = 0;
    const write = (): Promise<void> => {
      tries += 1;
      return failing('ENOSPC')();
    };
    await files.keep('one', write);
    files.drop('one');
    expect(problems.raised.size).toBe(0);
    await clock.advance(60_000);
    expect(tries).toBe(1);
    await files.keep('two', write);
    files.stop();
    await clock.advance(60_000);
    expect(tries).toBe(2);
  });
});
