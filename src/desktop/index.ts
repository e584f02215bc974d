import { join } from 'node:path';
import { composeHost } from '../host/compose-host';
import { runDesktop } from './run-desktop';

// Runs as dist/main.js, the pages beside it and the icons in the package's assets/.
void runDesktop({ composeHost, pagesDirectory: __dirname, assetsDirectory: join(__dirname, '..', 'assets') });
