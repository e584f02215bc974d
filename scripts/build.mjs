// Bundles every program of the product into dist/: `node scripts/build.mjs [name ...]` (default: all).
import { build } from 'esbuild';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { copyTypes, emitTypes } from './emit-types.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

const shared = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: 'linked',
  logLevel: 'warning',
  legalComments: 'linked',
  define: { 'process.env.SRS_PACKAGE_VERSION': JSON.stringify(version) },
};
/** Its `main` is UMD, whose requires esbuild cannot follow. */
const alias = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };
/**
 * Without comments and indents: V8 holds the text of a program as long as it runs, two bytes a character once a single one is not ASCII, which
 * is 8 MB of heap in the application. Names and lines stay, for the traces of errors.
 */
const compact = { minifyWhitespace: true, lineLimit: 120 };
const node = { ...shared, ...compact, platform: 'node', format: 'cjs', target: 'node20', alias };
const browser = { ...shared, platform: 'browser', format: 'iife', target: 'chrome140' };
/** Native or too large to bundle: found in node_modules at run time. */
const external = ['electron', 'keytar', 'koffi', 'playwright-core'];

const programs = {
  cli: () => cli(),
  main: () => build({ ...node, entryPoints: ['src/desktop/index.ts'], outfile: 'dist/main.js', external }),
  'remux-worker': () => build({ ...node, entryPoints: ['src/spool/media/remux-worker.ts'], outfile: 'dist/remux-worker.js' }),
  'keychain-worker': () =>
    build({ ...node, entryPoints: ['src/keychain/keychain-worker.ts'], outfile: 'dist/keychain-worker.js', external }),
  'windows-worker': () => build({ ...node, entryPoints: ['src/win32/windows-worker.ts'], outfile: 'dist/windows-worker.js', external }),
  preload: () =>
    build({
      ...node,
      entryPoints: { window: 'src/preload/window.ts', capture: 'src/preload/capture.ts' },
      outdir: 'dist/preload',
      external,
    }),
  capture: () => page('capture', 'src/capture-page'),
  renderer: () => page('renderer', 'src/renderer'),
  library: () => library(),
  'desktop-client': () => desktopClient(),
  'simulator-control': () => page('simulator/control', 'src/simulator/pages/control'),
  'simulator-desktop': () => page('simulator/desktop', 'src/simulator/pages/desktop'),
};

/** What the CommonJS packages in an ES module ask for; the files lie one folder below `dist`, which is what our own code means by `__dirname`. */
const AS_COMMON_JS = `
import { createRequire as $createRequire } from 'node:module';
import { dirname as $dirname } from 'node:path';
import { fileURLToPath as $fileURLToPath } from 'node:url';
const require = $createRequire(import.meta.url), __dirname = $dirname($dirname($fileURLToPath(import.meta.url)));
`;

/** In pieces, so that a command loads no more than it needs: `srs status` has neither the simulator nor the recorder to read. */
async function cli() {
  await rm(path.join(root, 'dist/cli'), { recursive: true, force: true });
  await build({
    ...node,
    format: 'esm',
    splitting: true,
    entryPoints: ['src/cli/index.ts'],
    outdir: 'dist/cli',
    outExtension: { '.js': '.mjs' },
    external,
    banner: { js: AS_COMMON_JS },
  });
  await writeFile(path.join(root, 'dist/cli.js'), "#!/usr/bin/env node\nimport('./cli/index.mjs');\n", { mode: 0o755 });
}

/** A page: index.html and its style as they are, index.ts bundled beside them. Each file is whole at any time: tests build pages that others show. */
async function page(name, source) {
  const target = path.join('dist', name);
  await mkdir(path.join(root, target), { recursive: true });
  const built = await build({
    ...browser,
    entryPoints: [path.join(source, 'index.ts')],
    outfile: path.join(target, 'index.js'),
    write: false,
  });
  for (const { path: file, contents } of built.outputFiles) await put(file, contents);
  for (const file of ['index.html', 'index.css']) {
    if (existsSync(path.join(root, source, file))) await put(path.join(root, target, file), await readFile(path.join(root, source, file)));
  }
}

async function put(file, contents) {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, contents);
  await rename(temporary, file);
}

/** `import … from 'screen-recording-service'`: the service and the simulator for tests of agent desktops. */
async function library() {
  await build({ ...node, entryPoints: ['src/library/index.ts'], outfile: 'dist/index.js', external });
  await emitTypes(root, { entry: 'src/library/public.ts', from: 'src', target: 'dist/types', libraries: ['--lib', 'ES2023,DOM'] });
}

/** For developers of agent desktops: an ES module and a CommonJS one, each with its types. */
async function desktopClient() {
  const entryPoints = ['src/desktop-client/index.ts'];
  const target = 'dist/desktop-client';
  const common = { ...shared, platform: 'neutral', target: 'es2022', entryPoints };
  await build({ ...common, format: 'esm', outfile: `${target}/index.js` });
  await build({ ...common, format: 'cjs', outfile: `${target}/cjs/index.js` });
  await emitTypes(root, { entry: entryPoints[0], from: 'src/desktop-client', target, libraries: ['--lib', 'ES2023,DOM'] });
  await copyTypes(root, target, `${target}/cjs`);
  await writeFile(path.join(root, target, 'package.json'), '{ "type": "module" }\n');
  await writeFile(path.join(root, target, 'cjs/package.json'), '{ "type": "commonjs" }\n');
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in programs));
if (unknown.length > 0) {
  console.error(`build: no program named ${unknown.join(', ')}; there are ${Object.keys(programs).join(', ')}`);
  process.exit(1);
}
if (names.length === 0) await rm(path.join(root, 'dist'), { recursive: true, force: true });
await Promise.all((names.length > 0 ? names : Object.keys(programs)).map((name) => programs[name]()));
