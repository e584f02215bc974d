import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiServerDeps, createApiServer } from '../../src/api/api-server';
import type { ApiSettings, TlsSource } from '../../src/api/ports';
import { silentLogger } from '../../src/lib/logger';
import { SideFiles } from '../../src/lib/side-files';
import { systemConnectionOwners } from '../../src/lib/system-connection-owners';
import { createServerGate, type ServerRules } from '../../src/session/server-gate';
import { FakeClock } from '../fakes/fake-clock';
import { FakeProblems } from '../fakes/fake-problems';
import { FakeService } from '../fakes/fake-service';

export const DESKTOP = 'https://desktop.example.com';

export interface ApiUnderTest {
  readonly service: FakeService;
  readonly clock: FakeClock;
  readonly problems: FakeProblems;
  /** `http://127.0.0.1:PORT`, and the https one when a certificate was given. */
  readonly addresses: readonly string[];
  readonly base: string;
  readonly statusTokenFile: string;
  statusToken(): Promise<string>;
  stop(): Promise<void>;
}

export interface ApiUnderTestOptions extends Partial<Pick<ApiServerDeps, 'limits' | 'log' | 'owners' | 'onAddress' | 'metrics'>> {
  readonly settings?: Partial<ApiSettings & Pick<ServerRules, 'allowedServers'>>;
  readonly tls?: TlsSource;
}

/** The real API on free ports, over a fake service that knows `agent` with the password `secret`. */
export async function startApi({ settings: given = {}, tls, ...rest }: ApiUnderTestOptions = {}): Promise<ApiUnderTest> {
  const { allowedServers = [], ...settings } = { server: 'https://rws.example.com', ...given };
  const folder = await mkdtemp(join(tmpdir(), 'srs-api-'));
  const statusTokenFile = join(folder, 'status-token');
  const service = new FakeService().addAgent('agent', 'secret', { firstName: 'Ada', lastName: 'Agent', id: '1' }).addAgent('other', 'word');
  service.gate = createServerGate({ allowedServers, ...settings });
  const clock = new FakeClock();
  const problems = new FakeProblems();
  const server = createApiServer({
    service,
    clock,
    log: silentLogger,
    version: '8.5.102.03',
    problems,
    sideFiles: new SideFiles({ clock, log: silentLogger, problems }),
    statusTokenFile,
    owners: systemConnectionOwners(),
    settings: {
      http: { enabled: true, port: 0 },
      https: { enabled: tls !== undefined, port: 0 },
      allowedOrigins: [DESKTOP, 'https://*.apps.example.com', 'http://intranet.example.com'],
      requireOrigin: true,
      ...settings,
    },
    ...(tls === undefined ? {} : { tls }),
    ...rest,
  });
  const addresses = await server.start();
  return {
    service,
    clock,
    problems,
    addresses,
    base: addresses[0] ?? '',
    statusTokenFile,
    statusToken: async () => (await readFile(statusTokenFile, 'utf8')).trim(),
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
