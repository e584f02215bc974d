import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/desktop-app';

const run = promisify(execFile);
const require = createRequire(__filename);
/** Keeps the project and ends the build: the compiler that comes next is a download. */
const KEEP = `
module.exports = async function keep(project) {
  await require(process.env.SRS_HOOK)(project);
  require('node:fs').copyFileSync(project, process.env.SRS_KEPT);
  throw new Error('the project is kept');
};
`;

/** What electron-builder writes for WiX, with build/start-at-login.cjs. */
describe('the project of the MSI', () => {
  let directory: string;
  let project: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-msi-'));
    const unpacked = join(directory, 'unpacked');
    await mkdir(join(unpacked, 'locales'), { recursive: true });
    for (const name of ['Screen Recording Service.exe', 'ffmpeg.dll', 'locales/de.pak']) await cp('/bin/true', join(unpacked, name));
    const kept = join(directory, 'kept.wxs');
    await writeFile(join(directory, 'keep.cjs'), KEEP);
    await writeFile(
      join(directory, 'builder.json'),
      JSON.stringify({
        extends: join(ROOT, 'electron-builder.yml'),
        directories: { output: join(directory, 'out'), buildResources: 'build' },
        msiProjectCreated: join(directory, 'keep.cjs'),
      }),
    );
    const words = ['--win', 'msi', '--x64', '--prepackaged', unpacked, '--config', join(directory, 'builder.json')];
    const env = { ...process.env, SRS_HOOK: join(ROOT, 'build/start-at-login.cjs'), SRS_KEPT: kept };
    const built = run(process.execPath, [require.resolve('electron-builder/cli.js'), ...words], { cwd: ROOT, env, timeout: 60_000 });
    await expect(built).rejects.toMatchObject({ stdout: expect.stringContaining('the project is kept') as unknown });
    project = await readFile(kept, 'utf8');
    await run('xmllint', ['--noout', kept]);
  }, 90_000);

  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('installs the program for every user of the PC, and replaces an older version', () => {
    expect(project).toContain('<Property Id="ALLUSERS" Secure="yes" Value="1"/>');
    expect(project).toMatch(/UpgradeCode="6F1C6C0B-3E0B-4E0D-9C56-6C2E3B1E7A41" Version="1\.0\.0\.0"/);
    expect(project).toMatch(/<Directory Id="ProgramFiles64Folder">\s*<Directory Id="APPLICATIONFOLDER" Name="Screen Recording Service"\/>/);
    expect(project).toContain('<MajorUpgrade ');
  });

  it('starts at login the file that it installs', () => {
    const [, group = ''] = /<ComponentGroup Id="ProductComponents" [^>]*>(.*)<\/ComponentGroup>/s.exec(project) ?? [];
    const [, started] = /Value="&quot;\[APPLICATIONFOLDER\]([^&]*)&quot; --login"/.exec(group) ?? [];
    expect(group).toContain(`<File Name="${started}" Source="$(var.appDir)`);
    expect(project.split('CurrentVersion\\Run"')).toHaveLength(2);
  });
});
