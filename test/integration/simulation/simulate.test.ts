import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../../..');
const run = (...args: string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, [join(root, 'scripts/simulate.mjs'), ...args], { cwd: root, maxBuffer: 64 * 1024 ** 2 });

describe('the simulated world', () => {
  test('nothing that is promised is broken in 500 of them', async () => {
    await expect(run('--seeds', '500')).resolves.toMatchObject({ stdout: expect.stringContaining('nothing violated') });
  }, 300_000);

  test('the same seed is the same world', async () => {
    const [one, other] = [await run('--seed', '436', '--log'), await run('--seed', '436', '--log')];
    const lines = ({ stdout }: { stdout: string }): readonly string[] => stdout.trim().split('\n').slice(0, -1);
    expect(lines(one).length).toBeGreaterThan(20);
    expect(lines(one)).toEqual(lines(other));
  });

  test('what is no number of seeds is refused by name', async () => {
    await expect(run('--seeds', 'many')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--seeds is many') });
  });
});
