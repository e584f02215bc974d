import { app } from 'electron';
import { join } from 'node:path';
import { adminCommands } from '../cli/admin-commands';
import { thisMachine } from '../diagnostics/examined-machine';
import { composeHost } from '../host/compose-host';
import { createSystemKeychain } from '../keychain/create-keychain';
import { silentLogger } from '../lib/logger';
import { commandWords, wordsAfterApplication } from './command-words';
import { systemProxy } from './platform/system-proxy';
import { ownWindows } from './platform/own-windows';
import { utilityWorker } from './platform/utility-worker';
import { runCommand } from './run-command';
import { runDesktop } from './run-desktop';
import { createAutoStart } from './start-at-login/create-auto-start';

// Runs as dist/main.js, the pages beside it and the icons in the package's assets/.
// An installed PC has no Node: the application is the command line too, for what an administrator needs.
const words = commandWords(app.isPackaged ? process.argv.slice(1) : wordsAfterApplication(process.argv, app.getAppPath()));
const startWorker = utilityWorker(join(__dirname, 'keychain-worker.js'), 'Keychain');
const machine = {
  ...thisMachine(),
  systemProxy,
  windows: ownWindows(__dirname),
  ...(app.isPackaged ? { startsAtLogin: () => createAutoStart(app).isOn() } : {}),
};
if (words !== undefined) {
  runCommand(
    adminCommands({
      loadKeychain: () => Promise.resolve(() => createSystemKeychain({ startWorker, log: silentLogger })),
      loadMachine: () => Promise.resolve(machine),
    }),
    words,
  );
} else {
  void runDesktop({
    composeHost,
    createKeychain: (log) => createSystemKeychain({ startWorker, log, mayAsk: true }),
    pagesDirectory: __dirname,
    assetsDirectory: join(__dirname, '..', 'assets'),
  });
}
