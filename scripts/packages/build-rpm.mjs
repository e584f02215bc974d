import { lstat, mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './run.mjs';

const SCRIPTS = {
  pre: 'before-install',
  post: 'after-install',
  preun: 'before-remove',
  postun: 'after-remove',
  posttrans: 'rpm-posttrans',
};
/** rpm's names for the compressions that electron-builder knows. */
const PAYLOADS = {
  none: 'w0.gzdio',
  gz: 'w9.gzdio',
  gzip: 'w9.gzdio',
  bzip2: 'w9.bzdio',
  xz: 'w6.xzdio',
  xzmt: 'w6T0.xzdio',
  zstd: 'w19.zstdio',
};

/** Writes `request.package` with rpmbuild. @param request the values of `fpm.mjs` with the tree of `layOut` */
export async function buildRpm(request) {
  const { work, tree } = request;
  const compression = request['rpm-compression'] ?? 'xz';
  if (PAYLOADS[compression] === undefined) throw new Error(`rpm-compression ${compression}: there are ${Object.keys(PAYLOADS).join(', ')}`);
  const specFile = path.join(work, `${request.name}.spec`);
  await writeFile(specFile, await spec(request));
  const top = path.join(work, 'top');
  await mkdir(top);
  const macros = {
    _topdir: top,
    _tmppath: path.join(work, 'tmp'),
    _binary_payload: PAYLOADS[compression],
    _build_id_links: 'none',
    debug_package: '%{nil}',
    // Nothing is stripped or compressed: the files are as their makers built them.
    __os_install_post: '%{nil}',
  };
  const defines = Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  await run('rpmbuild', ['-bb', '--noclean', '--target', request.architecture, '--buildroot', tree.root, ...defines, specFile], 'rpm');
  const [built] = (await readdir(path.join(top, 'RPMS'), { recursive: true })).filter((name) => name.endsWith('.rpm'));
  await rename(path.join(top, 'RPMS', built), request.package);
}

async function spec(request) {
  const { tree } = request;
  const head = {
    Name: request.name,
    Version: request.version.replaceAll('-', '_'),
    Release: request.iteration ?? '1',
    Summary: request['rpm-summary'] ?? request.description,
    License: request.license,
    Vendor: request.vendor,
    URL: request.url,
    Packager: request.maintainer,
    Group: request.category,
    AutoReqProv: 'no',
  };
  return [
    ...Object.entries(head).flatMap(([name, value]) => (value ? [`${name}: ${escape(value)}`] : [])),
    ...request.depends.map((name) => `Requires: ${escape(name)}`),
    '%description',
    escape(request.description),
    // The files are there already; rpmbuild empties its folder where an %install section begins.
    ...(await scriptSections(request)),
    '%files',
    '%defattr(-,root,root,-)',
    ...(await fileList(tree, request.name)),
    '',
  ].join('\n');
}

async function scriptSections(request) {
  const sections = [];
  for (const [section, option] of Object.entries(SCRIPTS)) {
    if (request[option] !== undefined) sections.push(`%${section}`, escape(await readFile(request[option], 'utf8')));
  }
  return sections;
}

/** Folders without the package's name in them are the system's, or other packages' too. */
async function fileList({ root, paths }, packageName) {
  const list = [];
  for (const name of paths) {
    const isFolder = (await lstat(path.join(root, name))).isDirectory();
    if (isFolder && !name.includes(packageName)) continue;
    list.push(`${isFolder ? '%dir ' : name.startsWith('/etc/') ? '%config(noreplace) ' : ''}"${escape(name)}"`);
  }
  return list;
}

/** A percent sign begins a macro, in scripts too. */
function escape(text) {
  return text.replaceAll('%', '%%');
}
