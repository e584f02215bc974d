import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './desktop-app';

const run = promisify(execFile);
const require = createRequire(__filename);
const FPM = join(ROOT, 'scripts', 'packages', 'fpm.mjs');

export type Kind = 'deb' | 'rpm';

/** The packages as `npm run dist` makes them, but not compressed, and on whichever Electron the tests run on. */
export class LinuxPackages {
  readonly tree: string;
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
    this.tree = join(directory, 'out', 'linux-unpacked');
  }

  static async build(): Promise<LinuxPackages> {
    const packages = new LinuxPackages(await mkdtemp(join(tmpdir(), 'srs-packages-')));
    await packages.#build();
    return packages;
  }

  /** The built package; another `version` is built anew from the same tree. */
  async file(kind: Kind, version = '1.0.0', source: (word: string) => string = (word) => word): Promise<string> {
    const words = JSON.parse(await readFile(join(this.#directory, `${kind}.json`), 'utf8')) as string[];
    const at = (name: string): number => words.indexOf(name) + 1;
    const file = join(this.#directory, `${version}.${kind}`);
    words[at('--version')] = version;
    words[at('--package')] = file;
    await run(process.execPath, [FPM, ...words.map(source)], { cwd: ROOT });
    return file;
  }

  /** A deb without Electron: all that is ours, for what would read through 200 MB. */
  async withoutElectron(): Promise<string> {
    const light = join(this.#directory, 'light');
    await cp(join(this.tree, 'resources'), join(light, 'resources'), { recursive: true });
    for (const name of ['screen-recording-service', 'chrome-sandbox']) await cp('/bin/true', join(light, name));
    return this.file('deb', '1.0.0+light', (word) => {
      if (word === '--deb-compression=none') return '--deb-compression=gz';
      return word.startsWith(`${this.tree}/=`) ? word.replace(this.tree, light) : word;
    });
  }

  /**
   * What an older version was: in a folder with a blank, with electron-builder's own scripts. Its program ends at once.
   */
  async olderDeb(): Promise<string> {
    const folder = join(this.#directory, 'older');
    await mkdir(folder);
    const program = join(folder, 'screen-recording-service');
    await writeFile(program, '#!/bin/sh\n', { mode: 0o755 });
    await cp('/bin/true', join(folder, 'chrome-sandbox'));
    const scripts = await Promise.all(['after-install', 'after-remove'].map((name) => olderScript(name, folder)));
    const entry = join(this.#directory, 'older.desktop');
    await writeFile(entry, OLDER_ENTRY);
    const file = join(this.#directory, 'older.deb');
    const facts = [
      '--name',
      'screen-recording-service',
      '--version',
      '0.9.0',
      '--architecture',
      'amd64',
      '--maintainer',
      'N <n@e.example>',
    ];
    const options = ['-s', 'dir', '-t', 'deb', ...facts, '--description', 'older', '--package', file, '--deb-compression', 'none'];
    const places = [`${folder}/=/opt/Screen Recording Service`, `${entry}=/etc/xdg/autostart/screen-recording-service.desktop`];
    await run(process.execPath, [FPM, ...options, '--after-install', scripts[0] ?? '', '--after-remove', scripts[1] ?? '', ...places]);
    return file;
  }

  remove(): Promise<void> {
    return rm(this.#directory, { recursive: true, force: true });
  }

  async #build(): Promise<void> {
    const directory = this.#directory;
    const electronDist = join(directory, 'electron');
    await cp(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(dirname(require.resolve('electron/package.json')), 'dist'), electronDist, {
      recursive: true,
      verbatimSymlinks: true,
    });
    // Not the application that an Electron for trials has in its place.
    await rm(join(electronDist, 'resources'), { recursive: true });
    await mkdir(join(electronDist, 'resources'));
    const config = join(directory, 'builder.json');
    await writeFile(
      config,
      JSON.stringify({
        extends: join(ROOT, 'electron-builder.linux.yml'),
        electronFuses: null,
        electronDist,
        electronVersion: (require('electron/package.json') as { version: string }).version,
        directories: { output: join(directory, 'out'), buildResources: 'build' },
      }),
    );
    // Notes what electron-builder asks for, with the files that it removes at its end.
    const recorder = join(directory, 'fpm');
    await writeFile(recorder, `#!/bin/sh\nexec '${process.execPath}' '${join(directory, 'record.cjs')}' "$@"\n`, { mode: 0o755 });
    await writeFile(join(directory, 'record.cjs'), RECORD);
    const env = { ...process.env, CUSTOM_FPM_PATH: recorder };
    const words = ['--linux', 'deb', 'rpm', '--config', config];
    await run(process.execPath, [require.resolve('electron-builder/cli.js'), ...words], { cwd: ROOT, env, maxBuffer: 1 << 24 });
  }
}

/** Keeps the arguments as `deb.json` and `rpm.json`, the temporary files named in them beside it, and leaves an empty package. */
const RECORD = `
const { copyFileSync, existsSync, statSync, writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const words = process.argv.slice(2);
const kind = words[words.indexOf('-t') + 1];
const keep = (file) => {
  if (!file.startsWith('/') || !existsSync(file) || !statSync(file).isFile()) return file;
  const kept = join(__dirname, kind + '-' + basename(file));
  copyFileSync(file, kept);
  return kept;
};
const kept = words.map((word) => {
  const at = word.lastIndexOf('=/');
  return at === -1 ? keep(word) : keep(word.slice(0, at)) + word.slice(at);
});
writeFileSync(join(__dirname, kind + '.json'), JSON.stringify([...kept, '--deb-compression=none', '--rpm-compression=none']));
writeFileSync(words[words.indexOf('--package') + 1], '');
`;

const OLDER_ENTRY = `[Desktop Entry]
Type=Application
Name=Screen Recording Service
Exec="/opt/Screen Recording Service/screen-recording-service" --login
TryExec=/opt/Screen Recording Service/screen-recording-service
`;

/** electron-builder's template, filled in as it does. */
async function olderScript(name: string, folder: string): Promise<string> {
  const fromBuilder = createRequire(require.resolve('electron-builder/package.json'));
  const templates = join(dirname(fromBuilder.resolve('app-builder-lib/package.json')), 'templates', 'linux');
  const [template = ''] = (await readdir(templates)).filter((file) => basename(file, '.tpl') === name);
  const text = await readFile(join(templates, template), 'utf8');
  const file = `${folder}-${name}`;
  await writeFile(
    file,
    text.replaceAll('${executable}', 'screen-recording-service').replaceAll('${sanitizedProductName}', 'Screen Recording Service'),
  );
  return file;
}
