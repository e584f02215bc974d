import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import { HangingKeyring } from '../../support/hanging-keyring';
import { basic, sendRequest, type TestAnswer } from '../../support/http-request';
import { Keyring } from '../../support/keyring';
import { until } from '../../support/until';
import { startSrs, type SrsProcess } from '../../support/srs-process';

interface Stopped {
  readonly environment: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** What a login and a logout may take when RWS answers at once; a call into a keychain that hangs takes longer. */
const QUICK_MS = 4000;
const ORIGIN = 'https://desk.example';
const ANN = { userName: 'ann', password: 'ann-secret' };

/** The program as built on keychains that keep their callers waiting. */
describe.each<readonly [string, () => Promise<Stopped>, RegExp]>([
  ['looks open, and never answers', () => HangingKeyring.start(), /no answer within 5 s/],
  ['is locked', () => Keyring.start('locked'), /it is locked/],
  ['has no login keyring', () => Keyring.start('none'), /it is locked/],
  ['was stopped', () => stoppedKeyring(), /it does not answer/],
])('a keychain that %s', (_name, startKeychain, reason) => {
  let directory: string;
  let keychain: Stopped;
  let simulator: Simulator;
  let srs: SrsProcess | undefined;
  let config: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-waiting-'));
    keychain = await startKeychain();
    simulator = createSimulator({ accounts: [ANN], storage: join(directory, 'storage'), pagesDirectory: directory });
    const { server } = await simulator.start();
    config = join(directory, 'config.json');
    await writeFile(
      config,
      JSON.stringify({ server, dataDirectory: join(directory, 'data'), allowedOrigins: [ORIGIN], http: { port: 0 }, https: { port: 0 } }),
    );
  });
  afterEach(() => srs?.kill());
  afterAll(async () => {
    await simulator.stop();
    await keychain.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('srs doctor prints each step as it ends, names the keychain’s state, and ends', async () => {
    srs = startSrs(['doctor', '--config', config], keychain.environment);
    await srs.waitFor(/data directory:/);
    expect(srs.stdout()).not.toContain('keychain:');
    await srs.waitFor(/warning {2}keychain: /);
    expect(srs.stdout()).toMatch(reason);
    expect(await srs.exited).not.toBeNull();
    expect(srs.stdout()).toContain('CometD');
  });

  it('the service starts, signs in and out at the pace of RWS, and ends', async () => {
    srs = startSrs(['run', '--headless', '--config', config], keychain.environment);
    const [, address = ''] = await srs.waitFor(/listening (http:\S+)/);
    const call = async (method: string, body?: object): Promise<TestAnswer & { readonly ms: number }> => {
      const startedAt = performance.now();
      const answer = await sendRequest(address, {
        method,
        path: '/api/v2/me',
        headers: { Origin: ORIGIN, Authorization: basic(ANN.userName, ANN.password), 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { ...answer, ms: performance.now() - startedAt };
    };
    for (let round = 0; round < 2; round += 1) {
      const login = await call('GET');
      expect(login.status).toBe(200);
      expect(login.ms).toBeLessThan(QUICK_MS);
      const logout = await call('POST', { operationName: 'EndContactCenterSession' });
      expect(logout.status).toBe(200);
      expect(logout.ms).toBeLessThan(QUICK_MS);
    }
    await until('the note of the logout', async () => (await readdir(join(directory, 'data'))).includes('session-forgotten'));
    expect(await srs.stop()).toBe(0);
  });
});

async function stoppedKeyring(): Promise<Stopped> {
  const keyring = await Keyring.start();
  keyring.pause();
  return keyring;
}
