import { mkdir, readFile } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { writeFileAtomically } from '../../lib/json-file';
import { ownAppImage } from '../../lib/own-app-image';
import { LOGIN_ARGUMENT, type AutoStart } from './auto-start';

/** The deb and rpm packages install a machine-wide entry of the same name; the user's own stands before it. */
const AUTOSTART_FILE = 'screen-recording-service.desktop';

export interface XdgAutoStartDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly executable: string;
  readonly name: string;
}

/** Linux: a desktop entry in the user's autostart folder (XDG autostart specification). */
export class XdgAutoStart implements AutoStart {
  readonly file: string;
  readonly #deps: XdgAutoStartDeps;

  constructor(deps: XdgAutoStartDeps) {
    this.#deps = deps;
    const base = deps.env['XDG_CONFIG_HOME'];
    this.file = join(base !== undefined && isAbsolute(base) ? base : join(deps.homeDirectory, '.config'), 'autostart', AUTOSTART_FILE);
  }

  async isOn(): Promise<boolean> {
    let text = await readEntry(this.file);
    for (const folder of this.#machineWide()) text ??= await readEntry(join(folder, 'autostart', AUTOSTART_FILE));
    return text !== undefined && !/^(Hidden=true|X-GNOME-Autostart-enabled=false)$/m.test(text);
  }

  /** An AppImage moves, and a new version has another path: then it is written anew. What a desktop's settings switched off counts as set. */
  async isSet(): Promise<boolean> {
    const text = await readEntry(this.file);
    return text !== undefined && text.replace('X-GNOME-Autostart-enabled=false', 'X-GNOME-Autostart-enabled=true') === this.#entry(true);
  }

  async set(isOn: boolean): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    await writeFileAtomically(this.file, this.#entry(isOn));
  }

  #machineWide(): readonly string[] {
    return (this.#deps.env['XDG_CONFIG_DIRS'] || '/etc/xdg').split(delimiter).filter(isAbsolute);
  }

  /** `Hidden` is how a user's entry switches off a machine-wide one. */
  #entry(isOn: boolean): string {
    const { env, executable, name } = this.#deps;
    const program = ownAppImage(env, executable) ?? executable;
    return [
      '[Desktop Entry]',
      'Type=Application',
      `Name=${name}`,
      `Exec=${quote(program)} ${LOGIN_ARGUMENT}`,
      // Desktops pass over an entry whose program is gone: this file outlives an uninstallation.
      `TryExec=${program.replaceAll('\\', '\\\\')}`,
      'Terminal=false',
      'X-GNOME-Autostart-enabled=true',
      ...(isOn ? [] : ['Hidden=true']),
      '',
    ].join('\n');
  }
}

/** `undefined`: there is none, or none we may read. */
async function readEntry(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

/** Quoting of the desktop entry specification: `"`, backtick, `$` and `\` escaped, then each backslash again as in any string; `%` doubled. */
function quote(path: string): string {
  const inner = path.replace(/["`$\\]/g, (character) => `\\${character}`).replaceAll('\\', '\\\\');
  return `"${inner.replaceAll('%', '%%')}"`;
}
