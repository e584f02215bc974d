import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { AppError } from '../shared/errors';

export interface ElectronProcess {
  /** The exit code; as in a shell 128 and the signal's number when a signal ended it. */
  readonly exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
}

export interface ElectronOptions {
  /** Called once, when the application says that it listens. */
  readonly onListening?: () => void;
}

/**
 * Where the Electron binary is: `ELECTRON_OVERRIDE_DIST_PATH`, or the npm package's own folder when it has been downloaded.
 * `undefined` when there is none: this never downloads.
 */
function findElectronBinary(): string | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const folder = override ?? packagedDistFolder();
  if (folder === undefined) return undefined;
  const candidates = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform as string] ?? 'electron';
  const binary = join(folder, candidates);
  return existsSync(binary) ? binary : undefined;
}

/** Starts the Electron application of this package. Throws `AppError` `dependencyMissing` when there is no binary. */
export async function startElectron(args: readonly string[], options: ElectronOptions = {}): Promise<ElectronProcess> {
  const binary = findElectronBinary();
  if (binary === undefined) {
    throw new AppError(
      'dependencyMissing',
      'The Electron binary is not installed. Run "npx install-electron" where it can be downloaded, set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds it, or use --headless.',
    );
  }
  const child = spawn(binary, [QUIET_CHROMIUM, applicationRoot(), ...args], {
    stdio: ['inherit', 'pipe', 'inherit'],
    env: { ...process.env, ...sandboxVariables() },
    // Its own process group: Ctrl+C in the terminal must not end Chromium's processes before the recording is finished.
    detached: process.platform !== 'win32',
  });
  passOn(child.stdout, options.onListening);
  const exited = new Promise<number>((done, fail) => {
    child.once('error', (cause) => fail(new AppError('dependencyMissing', `Could not start Electron: ${binary}`, { cause })));
    child.once('exit', (code, signal) => done(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
  return { exited, kill: (signal) => child.kill(signal) };
}

/** Only what ends it: on a computer without a system bus Chromium prints an error for every service it looks for. */
const QUIET_CHROMIUM = '--log-level=3';

/** Chromium refuses its sandbox to root, and ends. */
function sandboxVariables(): NodeJS.ProcessEnv {
  return process.getuid?.() === 0 ? { ELECTRON_DISABLE_SANDBOX: '1' } : {};
}

/** The application's stdout goes on to ours. */
function passOn(stdout: Readable, onListening: ElectronOptions['onListening']): void {
  let isListening = false;
  createInterface({ input: stdout }).on('line', (line) => {
    process.stdout.write(`${line}\n`);
    if (isListening || !line.startsWith('listening ')) return;
    isListening = true;
    onListening?.();
  });
}

/** The folder of package.json; this file runs as dist/cli.js. */
export function applicationRoot(): string {
  return resolve(__dirname, '..');
}

function packagedDistFolder(): string | undefined {
  try {
    const folder = dirname(createRequire(join(applicationRoot(), 'package.json')).resolve('electron/package.json'));
    // The package writes path.txt once its binary is complete.
    readFileSync(join(folder, 'path.txt'));
    return join(folder, 'dist');
  } catch {
    return undefined; // not installed, or not downloaded
  }
}
