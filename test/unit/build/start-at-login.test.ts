import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const require = createRequire(__filename);
const addStartAtLogin = require('../../../build/start-at-login.cjs') as (projectFile: string) => Promise<void>;

/** Of the electron-builder that is installed. */
function templateFile(): string {
  const fromBuilder = createRequire(require.resolve('electron-builder/package.json'));
  return join(dirname(fromBuilder.resolve('app-builder-lib/package.json')), 'templates', 'msi', 'template.xml');
}

describe('the start at login of the MSI', () => {
  let folder: string;
  let project: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'srs-msi-'));
    project = join(folder, 'project.wxs');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is a component of the group that the feature installs', async () => {
    const template = await readFile(templateFile(), 'utf8');
    await writeFile(project, template);
    await addStartAtLogin(project);
    const written = await readFile(project, 'utf8');
    const feature = /<Feature .*?<\/Feature>/s.exec(template)?.[0] ?? 'no feature';
    expect(written).toContain(feature);
    const groupId = /<ComponentGroupRef Id="(\w+)"/.exec(feature)?.[1];
    const group = new RegExp(`<ComponentGroup Id="${groupId}"[^>]*Directory="APPLICATIONFOLDER"[^>]*>(.*?)</ComponentGroup>`, 's').exec(
      written,
    )?.[1];
    expect(group).toMatch(/<Component Id="StartAtLogin" Guid="[0-9A-F-]{36}">\s*<RegistryValue Root="HKLM"/);
    expect(group).toContain('Value="&quot;[APPLICATIONFOLDER]Screen Recording Service.exe&quot; --login"');
    expect(group).toMatch(/Id="EventSource".*Name="EventMessageFile".*Name="TypesSupported".*Name="CustomSource"/s);
    expect(written.replace(/\s*<Component Id="(StartAtLogin|EventSource)".*?<\/Component>/gs, '')).toBe(template);
  });

  it('fails the build where there is no such group', async () => {
    await writeFile(project, '<Feature><ComponentGroupRef Id="ProductComponents"/></Feature>');
    await expect(addStartAtLogin(project)).rejects.toThrow(/template has changed/);
  });
});
