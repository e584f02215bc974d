import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Account } from '../accounts';
import { until } from '../until';

const run = promisify(execFile);
const DEADLINE_MS = 10_000;

/** What a tray host and anybody else on a session's D-Bus can ask. Answers are `gdbus`'s text (GVariant). */
export class SessionBus {
  readonly #account: Account;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(account: Account, environment: NodeJS.ProcessEnv) {
    this.#account = account;
    this.#environment = environment;
  }

  /** Rejects when the called program refuses, or is not there. */
  async call(destination: string, path: string, method: string, ...args: readonly string[]): Promise<string> {
    const words = [...this.#account.via, 'gdbus', 'call', '--session', '-d', destination, '-o', path, '-m', method, ...args];
    const { stdout } = await run(words[0]!, words.slice(1), { env: this.#environment, cwd: '/', timeout: DEADLINE_MS });
    return stdout;
  }

  async hasName(name: string): Promise<boolean> {
    const answer = await this.call('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', name);
    return answer.includes('true');
  }

  /** The tray icons that are registered as StatusNotifierItem, as `:1.15/StatusNotifierItem`. */
  async trayItems(): Promise<readonly string[]> {
    const watcher = 'org.kde.StatusNotifierWatcher';
    const answer = await this.#property(watcher, '/StatusNotifierWatcher', watcher, 'RegisteredStatusNotifierItems');
    return strings(answer);
  }

  /** What appears when the mouse rests on the icon. */
  async tooltip(item: string): Promise<string> {
    const { destination, path } = split(item);
    const answer = await this.#property(destination, path, 'org.kde.StatusNotifierItem', 'ToolTip');
    return strings(answer).join('\n');
  }

  /** The labels of the icon's menu from top to bottom, submenus included. */
  async menuLabels(item: string): Promise<readonly string[]> {
    const { destination } = split(item);
    const layout = await this.call(destination, '/com/canonical/dbusmenu', 'com.canonical.dbusmenu.GetLayout', '0', '--', '-1', '@as []');
    return [...layout.matchAll(/'label': <('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")>/g)].flatMap(([, text = '']) => strings(text));
  }

  /** Has the program do what an entry of the icon's menu is for, as a tray host does when it is clicked. Asks no tray host. */
  async chooseInMenu(item: string, label: string): Promise<void> {
    // A menu that was made anew between the question and the click refuses the click.
    await until(`"${label}" to be chosen`, () =>
      this.#click(split(item).destination, label).then(
        () => true,
        () => false,
      ),
    );
  }

  async #click(destination: string, label: string): Promise<void> {
    const menu = 'com.canonical.dbusmenu';
    const layout = await this.call(destination, '/com/canonical/dbusmenu', `${menu}.GetLayout`, '0', '--', '-1', '@as []');
    const [, id] = new RegExp(`\\((\\d+), \\{[^{}]*'label': <'${label}'>`).exec(layout) ?? [];
    if (id === undefined) throw new Error(`no "${label}" in the menu: ${layout}`);
    await this.call(destination, '/com/canonical/dbusmenu', `${menu}.Event`, id, 'clicked', "<''>", '0');
  }

  #property(destination: string, path: string, of: string, name: string): Promise<string> {
    return this.call(destination, path, 'org.freedesktop.DBus.Properties.Get', of, name);
  }
}

function split(item: string): { readonly destination: string; readonly path: string } {
  const slash = item.indexOf('/');
  return { destination: item.slice(0, slash), path: item.slice(slash) };
}

/** The texts in a GVariant, but empty ones: in single quotes, or in double ones when there is a single one inside. */
function strings(variant: string): readonly string[] {
  const quoted = variant.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g) ?? [];
  return quoted.map((text) => text.slice(1, -1).replace(/\\n/g, '\n').replace(/\\(.)/g, '$1')).filter((text) => text !== '');
}
