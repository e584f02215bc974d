import type { App, Dialog, Shell } from 'electron';
import { join } from 'node:path';
import type { Configuration } from '../config/schema';
import { examine } from '../diagnostics/doctor';
import { thisMachine } from '../diagnostics/examined-machine';
import { supportBundleName, writeSupportBundle } from '../diagnostics/support-bundle';
import type { Keychain } from '../lib/keychain';
import type { OpenVisibleWindows } from '../masks/ports';
import type { DisplayGeometry } from '../shared/display';
import type { Snapshot } from '../shared/snapshot';
import type { Translator } from '../shared/translate';
import { systemProxy } from './platform/system-proxy';

export interface CollectDiagnosticsDeps {
  readonly app: Pick<App, 'getPath'>;
  readonly dialog: Pick<Dialog, 'showSaveDialog' | 'showMessageBox'>;
  readonly shell: Pick<Shell, 'showItemInFolder'>;
  readonly translator: Translator;
  readonly config: Configuration;
  readonly keychain: Keychain;
  readonly windows: OpenVisibleWindows;
  readonly snapshot: Snapshot;
  readonly displays: readonly DisplayGeometry[];
}

/** Asks where, writes the bundle, and shows it in its folder. */
export async function collectDiagnostics(deps: CollectDiagnosticsDeps): Promise<void> {
  const { app, dialog, shell, translator, config, keychain, windows, snapshot, displays } = deps;
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: translator.text('diagnostics.save'),
    defaultPath: join(app.getPath('downloads'), supportBundleName(new Date())),
    filters: [{ name: 'ZIP', extensions: ['zip'] }],
  });
  if (canceled || filePath === '') return;
  const tell = (message: string, detail: string, type: 'info' | 'error'): Promise<unknown> =>
    dialog.showMessageBox({ type, message, detail, buttons: [translator.text('dialog.ok')] });
  try {
    await writeSupportBundle(filePath, {
      config,
      snapshot,
      doctor: () => examine({ config, keychain, machine: { ...thisMachine(), systemProxy, windows } }),
      displays,
    });
  } catch (error) {
    await tell(translator.text('diagnostics.failed'), '', 'error');
    throw error;
  }
  shell.showItemInFolder(filePath);
  await tell(translator.text('diagnostics.done'), translator.text('diagnostics.doneDetail'), 'info');
}
