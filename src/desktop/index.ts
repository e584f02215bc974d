import { app } from 'electron';
import { join } from 'node:path';
import { adminCommands, isAdminCommand } from '../cli/admin-commands';
import { runProgram } from '../cli/program';
import { composeHost } from '../host/compose-host';
import { createSystemKeychain } from '../keychain/create-keychain';
import { silentLogger } from '../lib/logger';
import { utilityKeychainWorker } from './platform/utility-worker';
import { runDesktop } from './run-desktop';

// Runs as dist/main.js, the pages beside it and the icons in the package's assets/.
// An installed PC has no Node: the application is the command line too, for what an administrator needs.
const words = process.argv.slice(app.isPackaged ? 1 : 2);
const startWorker = utilityKeychainWorker(join(__dirname, 'keychain-worker.js'));
const commands = adminCommands(() => createSystemKeychain({ startWorker, log: silentLogger }));
if (isAdminCommand(words, commands)) {
  void runProgram(commands, words).then((exitCode) => process.stdout.write('', () => app.exit(exitCode)));
} else {
  void runDesktop({
    composeHost,
    createKeychain: (log) => createSystemKeychain({ startWorker, log, mayAsk: true }),
    pagesDirectory: __dirname,
    assetsDirectory: join(__dirname, '..', 'assets'),
  });
}
