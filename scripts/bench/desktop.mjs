// What the application costs while nobody is signed in and its window is closed: CPU, wake-ups and memory of the whole process tree, for the
// Electron application and for the headless service; and how soon its window shows a change. Ratios are to Chromium with an empty page.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { usageOf } from '../process-usage.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 60);
const SETTLE_SECONDS = 30;
const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const folder = mkdtempSync(path.join(tmpdir(), 'srs-bench-'));

async function measure(name, pid) {
  await sleep(SETTLE_SECONDS * 1000);
  const before = usageOf(pid);
  await sleep(SECONDS * 1000);
  const after = usageOf(pid);
  const cpu = ((after.cpu - before.cpu) / SECONDS) * 100;
  const wakeUps = (after.wakeUps - before.wakeUps) / SECONDS;
  console.log(
    `  ${name.padEnd(18)} ${cpu.toFixed(2)} % of a core, ${wakeUps.toFixed(1)} wake-ups/s, ${after.megabytes.toFixed(0)} MB in ${after.processes} processes`,
  );
}

function environment(home) {
  return {
    ...process.env,
    HOME: home,
    XDG_DATA_HOME: path.join(home, 'data'),
    XDG_CONFIG_HOME: path.join(home, 'config'),
    SRS_CREDENTIAL_STORE: 'memory',
  };
}

function configurationIn(home) {
  const file = path.join(home, 'config.json');
  const config = { server: 'http://127.0.0.1:9', http: { port: 0 }, https: { enabled: false }, spool: { minFreeMegabytes: 1 } };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** Runs a program until it says that it listens, measures it, ends it. */
async function measureProgram(name, command, args) {
  const home = mkdtempSync(path.join(folder, 'home-'));
  const child = spawn(command, [...args, '--config', configurationIn(home)], {
    cwd: root,
    env: environment(home),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
    });
    await measure(name, child.pid);
  } finally {
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
}

async function measureEmptyBrowser() {
  const profile = path.join(folder, 'empty');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const browser = readdirSync('/proc').find((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return command.includes(profile) && !command.includes('--type=') && command.includes('--remote-debugging-pipe');
    } catch {
      return false;
    }
  });
  await measure('empty Chromium', Number(browser));
  await context.close();
}

/** The one named, or the package's own. */
function electronBinary() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const found = override === undefined ? createRequire(import.meta.url)('electron') : path.join(override, 'electron');
  return existsSync(found) ? found : undefined;
}

function startXvfb() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x720x24', '-noreset', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    server.stdio[3].once('data', (data) => resolve({ server, display: `:${String(data).trim()}` }));
    server.once('error', reject);
  });
}

const { server, display } = await startXvfb();
process.env.DISPLAY = display;
try {
  console.log(`idle: nobody signed in, no window; ${SECONDS} s after ${SETTLE_SECONDS} s`);
  await measureProgram('headless service', process.execPath, ['dist/cli.js', 'run', '--headless']);
  const electron = electronBinary();
  if (electron === undefined) console.log('  no Electron binary here: set ELECTRON_OVERRIDE_DIST_PATH or let electron download its own');
  else await measureProgram('Electron', electron, [...(process.getuid() === 0 ? ['--no-sandbox'] : []), root]);
  await measureEmptyBrowser();
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
