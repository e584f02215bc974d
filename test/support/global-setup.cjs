const { spawn } = require('node:child_process');

/** On Linux every test run has an Xvfb of its own, so that what is recorded is known. Workers inherit DISPLAY. */
module.exports = async function globalSetup() {
  if (process.platform !== 'linux') return;
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x720x24', '-noreset', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise((resolve, reject) => {
    server.stdio[3].once('data', (data) => resolve(String(data).trim()));
    server.once('error', () => reject(new Error('Xvfb is not installed: run "node scripts/setup.mjs test"')));
    server.once('exit', (code) => reject(new Error(`Xvfb ended with exit code ${code}`)));
  });
  server.removeAllListeners('exit');
  process.once('exit', () => server.kill('SIGKILL'));
  process.env.DISPLAY = `:${number}`;
  globalThis.__testDisplay = server;
};
