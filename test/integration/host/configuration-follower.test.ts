import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LiveConfiguration } from '../../../src/config/live-configuration';
import { loadConfiguration } from '../../../src/config/load-configuration';
import { composeHost } from '../../../src/host/compose-host';
import type { Host } from '../../../src/host/host';
import { silentLogger } from '../../../src/lib/logger';
import { FakeKeychain } from '../../fakes/fake-keychain';
import { ServiceRig } from '../../support/service-rig';
import { until } from '../../support/until';

const DESK = 'https://desk.example.com';

describe('a configuration that changes while the service runs', () => {
  let rig: ServiceRig;
  let host: Host;
  let address: string;
  let file: string;
  beforeEach(async () => {
    rig = await ServiceRig.create();
    file = join(rig.directory, 'config.json');
    await put({ allowedOrigins: [DESK] });
    const none = join(rig.directory, 'none.json');
    const sources = { file, env: {}, machineFile: none, policies: join(rig.directory, 'policies') };
    const live = new LiveConfiguration(await loadConfiguration(sources), sources);
    host = composeHost({
      config: live.settings,
      live,
      capture: rig.capture,
      log: silentLogger,
      isDemo: false,
      keychain: Object.assign(new FakeKeychain(), { stop: async () => undefined }),
      directory: { hold: async () => undefined },
      lookAtSession: async () => undefined,
    });
    [address = ''] = await host.start();
  });
  afterEach(async () => {
    await host.stop();
    await rig.dispose();
  });

  /** As an editor saves: another file is renamed over it. */
  async function put(settings: object | string): Promise<void> {
    const own = { dataDirectory: rig.dataDirectory, http: { port: 0 }, https: { enabled: false }, credentialStore: 'memory' };
    await writeFile(`${file}.new`, typeof settings === 'string' ? settings : JSON.stringify({ ...own, ...settings }));
    await rename(`${file}.new`, file);
  }
  const preflight = async (origin: string): Promise<number> => {
    const headers = { Origin: origin, 'Access-Control-Request-Method': 'GET' };
    const answer = await fetch(`${address}/ping`, { method: 'OPTIONS', headers });
    return answer.headers.get('access-control-allow-origin') === origin ? answer.status : 403;
  };
  const problem = (code: string): string | undefined => host.service.snapshot().problems.find((shown) => shown.code === code)?.text;

  it('is in force for the next request, and names what needs a restart', async () => {
    expect(await preflight(DESK)).toBe(200);
    await put({ allowedOrigins: ['https://other.example.com'], server: 'https://rws.example.com' });
    await until('the origin to be refused', async () => (await preflight(DESK)) === 403);
    expect(await preflight('https://other.example.com')).toBe(200);
    expect(problem('restartNeeded')).toContain('server');
  });

  it('changes nothing when it cannot be used, and says why', async () => {
    await put('{"allowedOrigins": ["https://oth');
    await until('the problem', () => problem('configurationRefused') !== undefined);
    expect(problem('configurationRefused')).toContain(file);
    expect(await preflight(DESK)).toBe(200);
  });
});
