import { app } from 'electron';
import { join } from 'node:path';
import { adminCommands, isAdminCommand } from '../cli/admin-commands';
import { runProgram } from '../cli/program';
import { composeHost } from '../host/compose-host';
import { runDesktop } from './run-desktop';

// Runs as dist/main.js, the pages beside it and the icons in the package's assets/.
// An installed PC has no Node: the application is the command line too, for what an administrator needs.
const words = process.argv.slice(app.isPackaged ? 1 : 2);
if (isAdminCommand(words)) {
  void runProgram(adminCommands, words).then((exitCode) => process.stdout.write('', () => app.exit(exitCode)));
} else {
  void runDesktop({ composeHost, pagesDirectory: __dirname, assetsDirectory: join(__dirname, '..', 'assets') });
}
