import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const FILES = {
  '/': ['text/html', new URL('desktop/index.html', import.meta.url)],
  '/desktop.js': ['text/javascript', new URL('desktop/desktop.js', import.meta.url)],
  // Without a bundler: the client is one file without dependencies.
  '/desktop-client.js': ['text/javascript', new URL(import.meta.resolve('screen-recording-service/desktop-client'))],
};

/** Serves the agent desktop on a free port of this computer. */
export async function serveDesktop() {
  const server = createServer(async ({ url }, response) => {
    const found = FILES[new URL(url, 'http://localhost').pathname];
    if (found === undefined) return response.writeHead(404).end();
    const [type, file] = found;
    response.writeHead(200, { 'Content-Type': type }).end(await readFile(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, stop };
}
