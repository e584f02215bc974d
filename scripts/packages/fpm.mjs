#!/usr/bin/env node
// What electron-builder asks of fpm, for deb and rpm, done with Debian's own dpkg-deb and rpmbuild: fpm is neither in Debian nor on npm, and
// electron-builder would download it. It finds this program in CUSTOM_FPM_PATH (`scripts/dist.mjs`). An argument that is not known here is an error.
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildDeb } from './build-deb.mjs';
import { buildRpm } from './build-rpm.mjs';
import { layOut } from './lay-out.mjs';

const text = { type: 'string' };
const list = { type: 'string', multiple: true };
const OPTIONS = {
  s: text,
  t: text,
  d: list,
  force: { type: 'boolean' },
  debug: { type: 'boolean' },
  log: text,
  architecture: text,
  name: text,
  version: text,
  iteration: text,
  package: text,
  description: text,
  maintainer: text,
  vendor: text,
  url: text,
  license: text,
  category: text,
  'before-install': text,
  'after-install': text,
  'before-remove': text,
  'after-remove': text,
  'deb-priority': text,
  'deb-recommends': list,
  'deb-compression': text,
  'rpm-summary': text,
  'rpm-os': text,
  'rpm-compression': text,
  'rpm-posttrans': text,
};
const BUILDERS = { deb: buildDeb, rpm: buildRpm };

async function main(words) {
  const { values, positionals } = parseArgs({ args: words, options: OPTIONS, allowPositionals: true });
  const build = BUILDERS[values.t];
  if (values.s !== 'dir' || build === undefined)
    throw new Error(`-s ${values.s} -t ${values.t}: only a deb or an rpm of a folder is made here`);
  // Beside the package: on the same file system the tree is made of hard links.
  const work = await mkdtemp(`${path.resolve(values.package)}.work-`);
  try {
    const tree = await layOut(path.join(work, 'root'), positionals);
    await build({ ...values, depends: values.d ?? [], recommends: values['deb-recommends'] ?? [], tree, work });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`fpm: ${error.message}\n`);
  process.exit(1);
});
