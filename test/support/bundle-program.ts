import { join } from 'node:path';
import { build, stop } from 'esbuild';

/** Bundles a program of `test/support` as `scripts/build.mjs` does the product's. @param name of its source, without `.ts` @returns its path */
export async function bundleProgram(name: string, folder: string): Promise<string> {
  const program = join(folder, `${name}.js`);
  await build({
    entryPoints: [join(__dirname, `${name}.ts`)],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
    external: ['keytar', 'koffi'],
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  });
  await stop(); // Its service process would keep the test run alive.
  return program;
}
