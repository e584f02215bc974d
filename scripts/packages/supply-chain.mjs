// What whoever distributes the packages has to hand on: an SBOM of what is in them (CycloneDX), and the SHA-256 sum of every file.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

const SUMS = 'SHA256SUMS';
/** electron-builder's notes about its own run. */
const NOT_FOR_USERS = /^builder-(debug|effective-config)/;

/** Writes `<name>-<version>.cdx.json` into the folder of packages: the dependencies, which are bundled, and Electron. */
export async function writeSbom(root, folder) {
  const { name, version, dependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm sbom failed: ${stderr}`);
  const sbom = JSON.parse(stdout);
  // npm takes the folder's name for that of a package that is not published.
  sbom.metadata.component.name = name;
  keepReachable(sbom, Object.keys(dependencies));
  sbom.components.push(await electronComponent(root));
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${name}-${version}.cdx.json`), `${JSON.stringify(sbom, null, 2)}\n`);
}

/** Not `--omit dev`, which also leaves out dependencies of ours that some tool names among its own development tools. */
function keepReachable(sbom, names) {
  const dependsOn = new Map(sbom.dependencies.map((entry) => [entry.ref, entry.dependsOn]));
  const isDirect = new Set(dependsOn.get(sbom.metadata.component['bom-ref']));
  const direct = sbom.components.filter((component) => names.includes(component.name) && isDirect.has(component['bom-ref']));
  const waiting = direct.map((component) => component['bom-ref']);
  const kept = new Set();
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    if (kept.has(ref)) continue;
    kept.add(ref);
    waiting.push(...(dependsOn.get(ref) ?? []));
  }
  sbom.components = sbom.components.filter((component) => kept.has(component['bom-ref']));
  const rootRef = sbom.metadata.component['bom-ref'];
  sbom.dependencies = [
    { ref: rootRef, dependsOn: direct.map((component) => component['bom-ref']) },
    ...sbom.dependencies.filter(({ ref }) => kept.has(ref)),
  ];
}

/** In every package, though npm counts it among the tools. */
async function electronComponent(root) {
  const { version } = JSON.parse(await readFile(path.join(root, 'node_modules/electron/package.json'), 'utf8'));
  const ref = `electron@${version}`;
  return { 'bom-ref': ref, type: 'framework', name: 'electron', version, scope: 'required', purl: `pkg:npm/${ref}` };
}

/** Writes `SHA256SUMS` as `sha256sum --check` reads it: every file of the folder itself. */
export async function writeSums(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && entry.name !== SUMS && !NOT_FOR_USERS.test(entry.name)).map(({ name }) => name);
  const lines = [];
  for (const name of names.sort()) lines.push(`${await sumOf(path.join(folder, name))}  ${name}\n`);
  await writeFile(path.join(folder, SUMS), lines.join(''));
}

async function sumOf(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
