import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, lstat, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { run } from './run.mjs';

const SCRIPTS = { preinst: 'before-install', postinst: 'after-install', prerm: 'before-remove', postrm: 'after-remove' };

/** Where dpkg-deb's name is another than electron-builder's. */
const COMPRESSIONS = { gz: 'gzip' };

/** Writes `request.package` (Debian policy 5.3, deb-control(5)). @param request the values of `fpm.mjs` with the tree of `layOut` */
export async function buildDeb(request) {
  const { root } = request.tree;
  const changelog = await writeChangelog(request);
  const paths = [...request.tree.paths, ...changelog];
  const files = [];
  let bytes = 0;
  for (const name of paths) {
    const facts = await lstat(path.join(root, name));
    bytes += facts.isFile() ? facts.size : 1024;
    if (facts.isFile()) files.push(name);
  }
  const folder = path.join(root, 'DEBIAN');
  await mkdir(folder, { mode: 0o755 });
  await write(folder, 'control', control(request, Math.ceil(bytes / 1024)));
  await write(folder, 'md5sums', await sums(root, files));
  const configuration = files.filter((name) => name.startsWith('/etc/'));
  if (configuration.length > 0) await write(folder, 'conffiles', lines(configuration));
  for (const [script, option] of Object.entries(SCRIPTS)) {
    if (request[option] === undefined) continue;
    await copyFile(request[option], path.join(folder, script));
    await run('chmod', ['755', path.join(folder, script)]);
  }
  await run('dpkg-deb', [
    '--root-owner-group',
    `-Z${COMPRESSIONS[request['deb-compression']] ?? request['deb-compression'] ?? 'xz'}`,
    '--build',
    root,
    request.package,
  ]);
}

function control(request, kilobytes) {
  const [synopsis = '', ...description] = request.description.split('\n').map((line) => line.trim());
  const fields = {
    Package: request.name,
    Version: fullVersion(request),
    Architecture: request.architecture,
    Maintainer: request.maintainer,
    'Installed-Size': String(kilobytes),
    Depends: request.depends.join(', '),
    Recommends: request.recommends.join(', '),
    Section: request.category ?? 'misc',
    Priority: request['deb-priority'] ?? 'optional',
    Homepage: request.url,
    Description: [synopsis, ...description.filter((line) => line !== '').map((line) => ` ${line}`)].join('\n'),
  };
  return lines(Object.entries(fields).flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])));
}

/** Policy 12.7: what a distributor changed; what the program changed is in its own change log. */
async function writeChangelog(request) {
  const folder = path.join('/usr/share/doc', request.name);
  const text = [
    `${request.name} (${fullVersion(request)}) stable; urgency=medium`,
    '',
    '  * Built from the sources of this version.',
    '',
    ` -- ${request.maintainer}  ${buildDate().toUTCString().replace('GMT', '+0000')}`,
  ];
  await mkdir(path.join(request.tree.root, folder), { recursive: true, mode: 0o755 });
  await write(path.join(request.tree.root, folder), 'changelog.gz', gzipSync(lines(text), { level: 9 }));
  return [path.join(folder, 'changelog.gz')];
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function buildDate() {
  const seconds = process.env.SOURCE_DATE_EPOCH;
  return seconds === undefined ? new Date() : new Date(Number(seconds) * 1000);
}

function fullVersion({ version, iteration }) {
  return iteration === undefined ? version : `${version}-${iteration}`;
}

async function sums(root, files) {
  const result = [];
  for (const name of files) {
    const hash = createHash('md5');
    await pipeline(createReadStream(path.join(root, name)), hash);
    result.push(`${hash.digest('hex')}  ${name.slice(1)}`);
  }
  return lines(result);
}

async function write(folder, name, content) {
  await writeFile(path.join(folder, name), content, { mode: 0o644 });
}

function lines(list) {
  return `${list.join('\n')}\n`;
}
