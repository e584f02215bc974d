import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(__dirname, '../../..');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supply-chain-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** As `npm run dist` calls it, after the packages are there. */
async function writeBoth(): Promise<void> {
  const text = `import { writeSbom, writeSums } from ${JSON.stringify(join(ROOT, 'scripts/packages/supply-chain.mjs'))};
    await writeSbom(${JSON.stringify(ROOT)}, ${JSON.stringify(folder)});
    await writeSums(${JSON.stringify(folder)});`;
  await run(process.execPath, ['--input-type=module', '-e', text]);
}

it('the SBOM names what the packages hold, Electron too, and no tool', async () => {
  await writeBoth();
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    dependencies: Record<string, string>;
    devDependencies: { electron: string };
  };
  const sbom = JSON.parse(await readFile(join(folder, `${manifest.name}-${manifest.version}.cdx.json`), 'utf8')) as {
    bomFormat: string;
    metadata: { component: { 'bom-ref': string; name: string; version: string } };
    dependencies: { ref: string; dependsOn: string[] }[];
    components: { 'bom-ref': string; name: string; version: string }[];
  };
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: manifest.name, version: manifest.version } } });
  const names = sbom.components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)));
  expect(sbom.components).toContainEqual(expect.objectContaining({ name: 'electron', version: manifest.devDependencies.electron }));
  expect(names).not.toContain('jest');
  const known = new Set([sbom.metadata.component['bom-ref'], ...sbom.components.map((component) => component['bom-ref'])]);
  const named = sbom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
  expect(named.filter((ref) => !known.has(ref))).toEqual([]);
  expect(sbom.dependencies.find(({ ref }) => ref === sbom.metadata.component['bom-ref'])?.dependsOn).toHaveLength(
    Object.keys(manifest.dependencies).length,
  );
}, 60_000);

it('the sums are those of every file beside them, in the form that sha256sum checks', async () => {
  await writeFile(join(folder, 'package one.deb'), 'package');
  await writeFile(join(folder, 'builder-debug.yml'), 'notes');
  await writeBoth();
  const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8');
  expect(sums).toMatch(/^[0-9a-f]{64} {2}package one\.deb\n[0-9a-f]{64} {2}screen-recording-service-.*\.cdx\.json\n$/);
  await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder });
}, 60_000);
