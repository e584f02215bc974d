// Writes the documents that come from the sources (scripts/docs/pages.ts). `--check` writes nothing and fails when one is not up to date.
import { build } from 'esbuild';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const bundle = await build({
  absWorkingDir: root,
  entryPoints: ['scripts/docs/pages.ts'],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
});
const { pages } = await import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString('base64')}`);

let isStale = false;
for (const [name, content] of Object.entries(pages())) {
  const target = path.join(root, 'docs', name);
  const text = target.endsWith('.md') ? await format(content, { ...(await resolveConfig(target)), filepath: target }) : content;
  if (process.argv.includes('--check')) {
    const current = await readFile(target, 'utf8').catch(() => '');
    if (current === text) continue;
    console.error(`docs/${name} is not up to date: run node scripts/generate-docs.mjs`);
    isStale = true;
  } else {
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}
process.exit(isStale ? 1 : 0);
