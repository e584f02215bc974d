import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import { startSrs, type SrsProcess } from '../../support/srs-process';

const ORIGIN = 'https://desktop.example.com';
const CURL = join(__dirname, '../../../examples/calls/curl.sh');

let directory: string;
let simulator: Simulator;
let srs: SrsProcess;
let address: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'example-calls-'));
  simulator = createSimulator({
    accounts: [{ userName: 'ann', password: 'se"cret\\1' }],
    storage: join(directory, 'storage'),
    pagesDirectory: directory,
  });
  const { server } = await simulator.start();
  const config = {
    server,
    allowedOrigins: [ORIGIN],
    http: { port: 0 },
    https: { enabled: false },
    dataDirectory: join(directory, 'data'),
    credentialStore: 'memory',
  };
  await writeFile(join(directory, 'config.json'), JSON.stringify(config));
  srs = startSrs(['run', '--headless', '--config', join(directory, 'config.json')], { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' });
  [, address = ''] = await srs.waitFor(/^listening (http:\S+)$/m);
});

afterAll(async () => {
  await srs.stop();
  await simulator.stop();
  await rm(directory, { recursive: true, force: true });
});

function curl(password: string): Promise<{ stdout: string }> {
  const env = { ...process.env, SRS: address, ORIGIN, SRS_USER: 'ann', SRS_PASSWORD: password };
  return promisify(execFile)('sh', [CURL], { env });
}

it('the calls with curl log in with a place, poll and log out', async () => {
  const { stdout } = await curl('se"cret\\1');
  const [version, login, , logout] = stdout.split('\n');
  expect(JSON.parse(version ?? '')).toEqual({ version: expect.stringMatching(/^8\.5\./) });
  expect(JSON.parse(login ?? '')).toMatchObject({ statusCode: 0, user: { userName: 'ann' } });
  expect(logout ?? '').not.toMatch(/error/i);
  expect(simulator.control.agents()).toEqual([]);
});

it('the calls with curl end with the answer when the password is wrong', async () => {
  await expect(curl('wrong')).rejects.toMatchObject({ code: expect.any(Number), stdout: expect.stringContaining('"statusCode":20') });
});
