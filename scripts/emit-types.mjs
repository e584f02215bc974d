// Type declarations of one entry of the package and of what these import, and nothing else.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const STRICT = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck'];
const OUTPUT = ['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--target', 'ES2023'];
const MODULES = ['--module', 'preserve', '--moduleResolution', 'bundler', '--resolveJsonModule', '--esModuleInterop'];

/** @param libraries such as `['--lib', 'ES2023,DOM']`; @param target the folder that mirrors `from`, the folder of sources the names count from */
export async function emitTypes(root, { entry, from, target, libraries }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'types-'));
  const tsc = [path.join(root, 'node_modules/typescript/bin/tsc'), path.join(root, entry)];
  const places = ['--rootDir', path.join(root, from), '--outDir', folder];
  try {
    await promisify(execFile)(process.execPath, [...tsc, ...STRICT, ...OUTPUT, ...MODULES, ...libraries, ...places], { cwd: root });
    const first = path.relative(from, entry).replace(/\.ts$/, '.d.ts');
    for (const file of await reachable(folder, first)) {
      await mkdir(path.dirname(path.join(root, target, file)), { recursive: true });
      await writeFile(path.join(root, target, file), await withExtensions(path.join(folder, file)));
    }
  } catch (error) {
    throw new Error(`types of ${entry}: ${error.stdout || error.message}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same declarations in a folder of another module format. */
export async function copyTypes(root, from, to) {
  const names = (await readdir(path.join(root, from))).filter((name) => name.endsWith('.d.ts'));
  await Promise.all(names.map((name) => cp(path.join(root, from, name), path.join(root, to, name))));
}

const RELATIVE = /(from |import\()(['"])(\.[^'"]*)\2/g;

async function reachable(folder, first) {
  const found = new Set();
  const waiting = [first];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const text = await readFile(path.join(folder, file), 'utf8');
    for (const [, , , name] of text.matchAll(RELATIVE)) waiting.push(path.join(path.dirname(file), `${name}.d.ts`));
  }
  return found;
}

/** Node's own resolution wants the file's whole name. */
async function withExtensions(file) {
  const text = await readFile(file, 'utf8');
  return text.replace(RELATIVE, (whole, keyword, quote, name) =>
    existsSync(path.join(path.dirname(file), `${name}.d.ts`)) ? `${keyword}${quote}${name}.js${quote}` : whole,
  );
}
