import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepResult } from '../../src/diagnostics/step';
import { ROOT } from '../support/desktop-app';

const SERVER = 'http://rws.test';

/** The proxy is asked for a connection to the server, and that is all that the network gets to see. */
describe('the application behind a proxy script (PAC)', () => {
  let directory: string;
  let network: Server;
  let host: string;
  let connects: string[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-pac-'));
    await mkdir(join(directory, 'home'));
    await writeFile(join(directory, 'config.json'), JSON.stringify({ dataDirectory: join(directory, 'data'), server: SERVER }));
    connects = [];
    network = createServer((_request, response) => response.end(`function FindProxyForURL(url, host) { return ${script()}; }`));
    network.on('connect', ({ url }, socket: Socket) => {
      connects.push(url ?? '');
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\n\r\n');
    });
    network.listen(0, '127.0.0.1');
    await once(network, 'listening');
    host = `127.0.0.1:${(network.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    network.closeAllConnections();
    network.close();
    await once(network, 'close');
    await rm(directory, { recursive: true, force: true });
  });

  const script = (): string => `host === 'rws.test' ? 'SOCKS5 socks.test:1; PROXY ${host}' : 'DIRECT'`;

  function doctor(): Promise<readonly StepResult[]> {
    // In Node the package is the path of its binary.
    const binary = jest.requireActual<string>('electron');
    const home = join(directory, 'home');
    const none = Object.fromEntries(
      ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [[name], [name.toUpperCase()]]),
    );
    const env = { ...process.env, ...none, HOME: home, TMPDIR: home, XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined };
    const switches = ['--no-sandbox', `--proxy-pac-url=http://${host}/proxy.pac`];
    const words = ['doctor', '--json', '--config', join(directory, 'config.json')];
    return new Promise((resolve) => {
      execFile(binary, [...switches, ROOT, ...words], { env }, (_error, stdout) => resolve(JSON.parse(stdout) as StepResult[]));
    });
  }

  it('asks it for the server, and names what it said and what the proxy wants', async () => {
    const steps = await doctor();
    expect(steps.find(({ name }) => name === 'rws.test: proxy')).toMatchObject({
      outcome: 'failed',
      text: `The proxy ${host} (of the system’s settings) asks for a login (Negotiate): 407. This service can give user and password (Basic) only.`,
    });
    expect(connects).toEqual(['rws.test:80']);
  });
});
