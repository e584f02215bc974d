// `npm run check`: everything about the sources that needs no running: types, lint, format, import boundaries, unused code, test projects.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = (name) => path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
const isWindows = process.platform === 'win32';

const steps = [
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['types of pages', 'tsc', ['-p', 'tsconfig.browser.json']],
  ['lint', 'eslint', ['.', '--max-warnings', '0']],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['import boundaries', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'src']],
  ['unused code', 'knip', ['--no-progress']],
  ['API description', 'node', ['scripts/generate-openapi.mjs', '--check']],
  ['generated documents', 'node', ['scripts/generate-docs.mjs', '--check']],
];

let hasFailed = false;
for (const [name, command, args] of steps) {
  const started = Date.now();
  const { status } = spawnSync(command === 'node' ? process.execPath : bin(command), args, {
    cwd: root,
    stdio: 'inherit',
    shell: isWindows && command !== 'node',
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`check: ${name} ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)\n`);
  hasFailed ||= status !== 0;
}
for (const stray of testsWithoutProject()) {
  process.stdout.write(
    `check: ${stray} belongs to no jest project: move it below test/unit, test/integration, test/browser, test/electron or test/packages\n`,
  );
  hasFailed = true;
}
process.exit(hasFailed ? 1 : 0);

function testsWithoutProject() {
  const files = ['src', 'test', 'scripts']
    .filter((folder) => existsSync(path.join(root, folder)))
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true }).map((file) => path.posix.join(folder, String(file).replaceAll('\\', '/'))),
    );
  return files.filter(
    (file) => /\.test\.[cm]?[jt]sx?$/.test(file) && !/^test\/(unit|integration|browser|electron|packages)\/.+\.test\.ts$/.test(file),
  );
}
