import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(__dirname, '../..');

/** What `npm pack` makes of the built product, as `npm install` lays it out in an empty project; its dependencies are ours. */
export class InstalledPackage {
  readonly project: string;
  readonly directory: string;

  private constructor(project: string) {
    this.project = project;
    this.directory = join(project, 'node_modules', 'screen-recording-service');
  }

  static async create(): Promise<InstalledPackage> {
    const installed = new InstalledPackage(await realpath(await mkdtemp(join(tmpdir(), 'installed-package-'))));
    // The suite has built dist/ already; `prepack` would build it while other tests run it.
    const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', installed.project], { cwd: ROOT });
    const [packed] = JSON.parse(stdout) as [{ filename: string }];
    await mkdir(installed.directory, { recursive: true });
    await run('tar', ['-xzf', join(installed.project, packed.filename), '--strip-components=1', '-C', installed.directory]);
    await symlink(join(ROOT, 'node_modules'), join(installed.directory, 'node_modules'));
    await symlink(join(ROOT, 'node_modules', 'playwright-core'), join(installed.project, 'node_modules', 'playwright-core'));
    return installed;
  }

  async remove(): Promise<void> {
    await rm(this.project, { recursive: true, force: true });
  }
}
