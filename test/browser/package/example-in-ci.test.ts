import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InstalledPackage } from '../../support/installed-package';

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await InstalledPackage.create();
});

afterAll(() => installed.remove());

it('the example of testing an agent desktop passes with the package as npm packs it', async () => {
  const example = join(installed.directory, 'examples', 'desktop-in-ci');
  await cp(example, installed.project, { recursive: true });
  // Not a part of the run around it: node:test talks to its parent.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-timeout=80000'], { cwd: installed.project, env });
  expect(stdout).toMatch(/# pass 3\n# fail 0\n/);
}, 90_000);
