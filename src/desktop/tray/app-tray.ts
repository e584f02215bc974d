import { Menu, Tray, type MenuItemConstructorOptions } from 'electron';
import type { AppAction } from '../../shared/actions';
import type { TrayIcons } from './tray-icons';
import type { MenuEntry, TrayModel } from './tray-model';

export interface AppTrayDeps {
  readonly icons: TrayIcons;
  readonly run: (action: AppAction) => void;
}

/** Draws the model, and only what changed of it: a menu that is replaced closes under the agent's hand on some desktops. */
export class AppTray {
  readonly #deps: AppTrayDeps;
  #tray: Tray | undefined;
  #shown: { state: string; tooltip: string; menu: string } | undefined;

  constructor(deps: AppTrayDeps) {
    this.#deps = deps;
  }

  show(model: TrayModel): void {
    const tray = (this.#tray ??= this.#create(model));
    const next = { state: model.state, tooltip: model.tooltip, menu: JSON.stringify(model.menu) };
    if (next.state !== this.#shown?.state) tray.setImage(this.#deps.icons[model.state]);
    if (next.tooltip !== this.#shown?.tooltip) tray.setToolTip(model.tooltip);
    // Linux shows a changed menu only when it is set again; so it is, everywhere.
    if (next.menu !== this.#shown?.menu) tray.setContextMenu(Menu.buildFromTemplate(model.menu.map((entry) => this.#template(entry))));
    this.#shown = next;
  }

  destroy(): void {
    this.#tray?.destroy();
    this.#tray = undefined;
    this.#shown = undefined;
  }

  #create(model: TrayModel): Tray {
    const tray = new Tray(this.#deps.icons[model.state]);
    // A left click opens the menu on macOS by itself; elsewhere it shows the window.
    if (process.platform !== 'darwin') tray.on('click', () => this.#deps.run('showStatus'));
    return tray;
  }

  #template(entry: MenuEntry): MenuItemConstructorOptions {
    switch (entry.type) {
      case 'separator':
        return { type: 'separator' };
      case 'text':
        return { label: escapeLabel(entry.label), enabled: false };
      case 'submenu':
        return { label: escapeLabel(entry.label), submenu: entry.entries.map((child) => this.#template(child)) };
      case 'checkbox':
        return {
          type: 'checkbox',
          label: escapeLabel(entry.label),
          checked: entry.isChecked,
          enabled: entry.isEnabled,
          click: () => this.#deps.run(entry.action),
        };
      case 'action':
        return { label: escapeLabel(entry.label), click: () => this.#deps.run(entry.action) };
    }
  }
}

/** A single `&` would underline the next letter. Names and texts may hold one. */
function escapeLabel(label: string): string {
  return label.replaceAll('&', '&&');
}
