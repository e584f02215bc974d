module.exports = async function globalTeardown() {
  const server = globalThis.__testDisplay;
  if (server === undefined) return;
  const exited = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await exited;
};
