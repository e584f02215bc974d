import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
/** The library of the electron-builder that is installed, with what it brings. */
const LIBRARY = createRequire(require.resolve('electron-builder/package.json')).resolve('app-builder-lib/package.json');
const ofLibrary = createRequire(LIBRARY);
const { load } = ofLibrary('js-yaml') as { load: (text: string) => unknown };
const { UUID } = ofLibrary('builder-util-runtime') as {
  UUID: { parse(text: string): Buffer; v5(name: string, namespace: Buffer): string };
};
const builder = load(read('electron-builder.yml')) as {
  appId: string;
  productName: string;
  msi: { upgradeCode: string; perMachine: boolean };
};
const { name, version } = JSON.parse(read('package.json')) as { name: string; version: string };
const page = read('docs/admin/deployment.md');

function ofBuilder(file: string): string {
  return readFileSync(join(dirname(LIBRARY), file), 'utf8');
}

describe('what the page on silent distribution says of the packages', () => {
  it('names the files as they are built', () => {
    const files = [`${name}-${version}-x64.msi`, `${name}-setup-${version}-x64.exe`, `${name}-${version}-arm64.dmg`];
    for (const file of [...files, `${name}-${version}-amd64.deb`, `${name}-${version}-x86_64.rpm`]) expect(page).toContain(file);
    expect(page.match(/\b\d+\.\d+\.\d+(\.0)?\b/g)?.filter((each) => each !== version && each !== `${version}.0`)).toEqual([]);
  });

  it('has the upgrade code, and a product code is new in every build', () => {
    expect(page).toContain(`{${builder.msi.upgradeCode}}`);
    expect(builder.msi.perMachine).toBe(true);
    const template = ofBuilder('templates/msi/template.xml');
    expect(template).toContain('<Product Id="*"');
    expect(template).toContain('<MajorUpgrade AllowSameVersionUpgrades="yes"');
    expect(template).toContain('APPLICATIONFOLDER');
  });

  it('has the key that the setup writes', () => {
    const [, namespace = ''] = /ELECTRON_BUILDER_NS_UUID = .*parse\("([^"]+)"\)/.exec(ofBuilder('out/targets/nsis/NsisTarget.js')) ?? [];
    expect(page).toContain(`Uninstall\\${UUID.v5(builder.appId, UUID.parse(namespace))}\``);
    expect(ofBuilder('templates/nsis/multiUser.nsh')).toContain('CurrentVersion\\Uninstall\\${UNINSTALL_APP_KEY}');
    expect(ofBuilder('templates/nsis/include/installer.nsh')).toMatch(/QuietUninstallString.*\n(.*\n){0,3}.*DisplayVersion/);
  });

  it('has the identifier of the application', () => {
    expect(page).toContain(`| bundle identifier | \`${builder.appId}\` |`);
    expect(page).toContain(`/Applications/${builder.productName}.app`);
    expect(read('electron-builder.yml')).not.toMatch(/target: pkg/);
  });
});
