import { AppImageUpdater } from 'electron-updater';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type RequestOptions, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstallAttemptFile } from '../../../../src/desktop/updates/install-attempts';
import { Updater } from '../../../../src/desktop/updates/updater';
import { silentLogger } from '../../../../src/lib/logger';
import { describeRaised, type RaisedProblem } from '../../../../src/shared/problem-catalogue';
import { FakeClock } from '../../../fakes/fake-clock';
import { sampleSnapshot } from '../../../fixtures/snapshots';
import { until } from '../../../support/until';

const IMAGE = 'screen-recording-service-2.0.0-x86_64.AppImage';
const CONTENT = Buffer.from('the new version');

interface DownloadCall {
  readonly destination: string;
  readonly options: { readonly headers?: RequestOptions['headers'] };
  readonly onCancel: () => void;
  readonly callback: (error?: Error | null) => void;
  readonly responseHandler: null;
}

interface HttpExecutorModule {
  readonly HttpExecutor: new () => { doDownload(options: RequestOptions, call: DownloadCall, redirects: number): void };
}

/** electron-updater's own code down to the socket, as its ElectronHttpExecutor uses it; Electron's `net` is replaced by Node's `http`. */
function nodeHttpExecutor(): object {
  const own = createRequire(require.resolve('electron-updater'));
  const { HttpExecutor } = own('builder-util-runtime') as HttpExecutorModule;
  return new (class extends HttpExecutor {
    createRequest(options: RequestOptions, callback: (response: IncomingMessage) => void) {
      return request(options, callback);
    }

    download({ hostname, port, pathname, search }: URL, destination: string, options: DownloadCall['options']): Promise<string> {
      const to = { protocol: 'http:', hostname, port, path: pathname + search, headers: options.headers };
      return new Promise((resolve, reject) => {
        const callback = (error?: Error | null): void => (error ? reject(error) : resolve(destination));
        this.doDownload(to, { destination, options, onCancel: () => undefined, callback, responseHandler: null }, 0);
      });
    }
  })();
}

describe('the updater, with electron-updater and a feed', () => {
  let folder: string;
  let image: string;
  let feed: Server;
  let url: string;
  let sha512: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'srs-update-'));
    image = join(folder, 'srs.AppImage');
    await writeFile(image, 'the old version');
    process.env['APPIMAGE'] = image;
    sha512 = createHash('sha512').update(CONTENT).digest('base64');
    feed = createServer((incoming, response) => {
      const path = new URL(incoming.url ?? '/', 'http://feed').pathname;
      if (path === `/${IMAGE}`) return void response.end(CONTENT);
      if (!path.startsWith('/latest-linux')) return void response.writeHead(404).end();
      response.end(`version: 2.0.0\nfiles:\n  - url: ${IMAGE}\n    sha512: ${sha512}\n    size: ${CONTENT.length}\n`);
    });
    await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(feed.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    delete process.env['APPIMAGE'];
    feed.closeAllConnections();
    await new Promise((resolve) => feed.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  function start() {
    const calls: string[] = [];
    const source = new AppImageUpdater(null, {
      version: '1.0.0',
      name: 'screen-recording-service',
      isPackaged: true,
      appUpdateConfigPath: join(folder, 'app-update.yml'),
      userDataPath: folder,
      baseCachePath: folder,
      whenReady: async () => undefined,
      relaunch: () => undefined,
      quit: () => void calls.push('quit'),
      onQuit: () => undefined,
    });
    Object.assign(source, { httpExecutor: nodeHttpExecutor(), logger: null, disableDifferentialDownload: true });
    const attempts = new InstallAttemptFile(join(folder, 'update.json'));
    const updater = new Updater({
      updater: source,
      url,
      snapshot: () => sampleSnapshot(),
      stop: async () => void calls.push('stop'),
      restart: () => void calls.push('restart'),
      attempts,
      clock: new FakeClock(),
      problems: {
        raise: (code, facts) => void calls.push(`raise ${describeRaised({ code, facts } as RaisedProblem).text}`),
        clear: () => void calls.push('clear'),
      },
      log: silentLogger,
    });
    updater.start();
    return { calls, attempts };
  }

  const withPackagedFeed = (): Promise<void> =>
    writeFile(join(folder, 'app-update.yml'), 'provider: generic\nurl: https://updates.invalid\nupdaterCacheDirName: srs-updater\n');

  it('downloads from updates.url, not from the feed that was packaged; an image that cannot be replaced brings the service back', async () => {
    await withPackagedFeed();
    await rm(image); // as good as a folder that nobody may write in
    const { calls, attempts } = start();
    await until('the restart', () => calls.includes('restart'));
    expect(calls.slice(-3)).toEqual(['clear', 'stop', 'restart']);
    expect(await readFile(join(folder, 'srs-updater', 'pending', IMAGE))).toEqual(CONTENT);
    expect(await attempts.last()).toMatchObject({ version: '2.0.0' });
  });

  it('shows a package without app-update.yml', async () => {
    const { calls } = start();
    await until('the problem', () => calls.some((call) => /app-update\.yml/.test(call)));
    expect(calls).not.toContain('clear');
  });

  it('shows a file that is not the one the feed describes, and installs nothing', async () => {
    await withPackagedFeed();
    sha512 = createHash('sha512').update('another').digest('base64');
    const { calls } = start();
    await until('the problem', () => calls.some((call) => /sha512 checksum mismatch/.test(call)));
    expect(calls).not.toContain('stop');
    expect(existsSync(image)).toBe(true);
  });

  it('shows a feed that is not there', async () => {
    url = `${url}/elsewhere`;
    const { calls } = start();
    await until('the problem', () => calls.some((call) => /latest-linux/.test(call)));
  });
});
