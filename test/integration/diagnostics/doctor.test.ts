import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../../src/config/load-configuration';
import { examine } from '../../../src/diagnostics/doctor';
import type { StepResult } from '../../../src/diagnostics/step';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import { FakeKeychain } from '../../fakes/fake-keychain';

const WORKING = new FakeKeychain();
const MISSING = Object.assign(new FakeKeychain(), { isReachable: false });

describe('examine', () => {
  let directory: string;
  let simulator: Simulator;
  let server: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-doctor-'));
    simulator = createSimulator({ accounts: [], storage: join(directory, 'storage'), pagesDirectory: directory });
    ({ server } = await simulator.start());
  });

  afterAll(async () => {
    await simulator.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function stepsFor(env: Readonly<Record<string, string>>, keychain = WORKING): Promise<readonly StepResult[]> {
    const config = await loadConfiguration({
      env: { SRS_HTTP_PORT: '0', SRS_HTTPS_PORT: '0', SRS_DATA_DIRECTORY: join(directory, 'data'), ...env },
      machineFile: join(directory, 'none.json'),
      userFile: join(directory, 'none.json'),
    });
    return examine(config, keychain);
  }

  function find(steps: readonly StepResult[], name: string): StepResult {
    const step = steps.find((candidate) => candidate.name.endsWith(name));
    if (step === undefined) throw new Error(`no step ${name} in ${steps.map((each) => each.name).join(', ')}`);
    return step;
  }

  it('finds nothing wrong on the way to a working RWS', async () => {
    const steps = await stepsFor({ SRS_SERVER: server });
    for (const name of ['proxy', 'name', 'version', 'CSRF', 'CometD']) expect(find(steps, `: ${name}`)).toMatchObject({ outcome: 'ok' });
    expect(find(steps, ': TLS')).toMatchObject({ outcome: 'warning' });
  });

  it('says that nobody answers, and what to check', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const steps = await stepsFor({ SRS_SERVER: `http://127.0.0.1:${port}` });
    expect(find(steps, ': connection')).toMatchObject({ outcome: 'failed', text: expect.stringContaining('refused the connection') });
  });

  it('names a port that another program has', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const steps = await stepsFor({ SRS_HTTP_PORT: String(port) });
    await new Promise((resolve) => other.close(resolve));
    expect(find(steps, 'http port')).toMatchObject({
      outcome: 'failed',
      text: expect.stringMatching(`port ${port} .* of this user`),
      remedy: expect.stringContaining('http.port'),
    });
  });

  it('warns of a missing keychain', async () => {
    expect(find(await stepsFor({}, MISSING), 'keychain')).toMatchObject({ outcome: 'warning' });
  });

  it('fails where no login can lead anywhere, and warns where each has to name its server', async () => {
    expect(find(await stepsFor({}), 'server')).toMatchObject({ outcome: 'failed', remedy: expect.stringContaining('allowedServers') });
    const listed = await stepsFor({ SRS_ALLOWED_SERVERS: '["rws.example.com"]' });
    expect(find(listed, 'server')).toMatchObject({ outcome: 'warning' });
  });

  it('fails on a missing keychain where policy forbids the key file', async () => {
    const steps = await stepsFor({ SRS_SPOOL_KEY_FALLBACK: 'refuse' }, MISSING);
    expect(find(steps, 'keychain')).toMatchObject({ outcome: 'failed' });
  });
});
