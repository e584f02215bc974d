// `npm run check`: everything about the sources that needs no running: types, lint, format, import boundaries, unused code, test projects, the length of files.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = (name) => path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
const isWindows = process.platform === 'win32';

/** Of sources, scripts and tests alike; none of them is generated. */
const MOST_LINES = 300;

const steps = [
  ['lint', 'eslint', ['.', '--max-warnings', '0']],
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['types of pages', 'tsc', ['-p', 'tsconfig.browser.json']],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['import boundaries', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'src']],
  ['unused code', 'knip', ['--no-progress']],
  ['API description', 'node', ['scripts/generate-openapi.mjs', '--check']],
  ['generated documents', 'node', ['scripts/generate-docs.mjs', '--check']],
];

let hasFailed = false;

/** Resolves when the step has ended; what it printed is shown then, in one piece. */
function run([name, command, args]) {
  const started = Date.now();
  const child = spawn(command === 'node' ? process.execPath : bin(command), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: isWindows && command !== 'node',
  });
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => printed.push(data));
  return new Promise((resolve) => {
    const end = (status) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      process.stdout.write(`${Buffer.concat(printed)}check: ${name} ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)\n`);
      hasFailed ||= status !== 0;
      resolve();
    };
    child.once('error', (error) => {
      printed.push(Buffer.from(`${error.message}\n`));
      end(1);
    });
    child.once('close', end);
  });
}

/** The longest first, and as many at a time as there are processors, but two at most: each takes its gigabyte. */
const waiting = [...steps];
async function work() {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await run(step);
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));

for (const stray of testsWithoutProject()) {
  process.stdout.write(
    `check: ${stray} belongs to no jest project: move it below test/unit, test/integration, test/browser, test/electron or test/packages\n`,
  );
  hasFailed = true;
}
for (const [file, lines] of longFiles()) {
  process.stdout.write(`check: ${file} has ${lines} lines, ${MOST_LINES} are allowed: split it by subject\n`);
  hasFailed = true;
}
process.exit(hasFailed ? 1 : 0);

function testsWithoutProject() {
  return sourceFiles().filter(
    (file) => /\.test\.[cm]?[jt]sx?$/.test(file) && !/^test\/(unit|integration|browser|electron|packages)\/.+\.test\.ts$/.test(file),
  );
}

function longFiles() {
  return sourceFiles()
    .filter((file) => /\.([cm]?[jt]sx?|css|html)$/.test(file))
    .map((file) => [file, readFileSync(path.join(root, file), 'utf8').trimEnd().split('\n').length])
    .filter(([, lines]) => lines > MOST_LINES);
}

function sourceFiles() {
  return ['src', 'test', 'scripts']
    .filter((folder) => existsSync(path.join(root, folder)))
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true }).map((file) => path.posix.join(folder, String(file).replaceAll('\\', '/'))),
    );
}
