import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/desktop-app';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An installed PC has no Node beside the application: its administrator asks the application. */
describe('the application as command line', () => {
  let directory: string;
  let config: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-admin-'));
    config = join(directory, 'config.json');
    await writeFile(config, JSON.stringify({ dataDirectory: join(directory, 'data') }));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  function run(...words: readonly string[]): Promise<Ended> {
    // In Node the package is the path of its binary.
    const binary = jest.requireActual<string>('electron');
    return new Promise((resolve) => {
      execFile(binary, [ROOT, ...words], (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
      );
    });
  }

  it('says with exit code 3 that no service runs', async () => {
    const { code, stderr } = await run('status', '--config', config);
    expect(stderr).toContain('No Screen Recording Service answers');
    expect(code).toBe(3);
  });

  it('prints the schema of the configuration, and ends', async () => {
    const { code, stdout } = await run('config', 'schema');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('properties.allowedOrigins');
  });

  it('names a wrong option with exit code 2', async () => {
    const { code, stderr } = await run('status', '--jsn');
    expect(code).toBe(2);
    expect(stderr).toContain('--jsn');
  });
});
