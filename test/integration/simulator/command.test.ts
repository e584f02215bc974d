import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSrs, type SrsProcess } from '../../support/srs-process';
import { RawClient } from './raw-client';

let storage: string;
let srs: SrsProcess | undefined;

beforeEach(async () => {
  storage = await mkdtemp(join(tmpdir(), 'simulator-command-'));
});

afterEach(async () => {
  await srs?.kill();
  await rm(storage, { recursive: true, force: true });
});

it('srs simulator serves the agents it was given, both data centres, and ends with 0', async () => {
  srs = startSrs(['simulator', '--agent', 'ann:secret:1', '--pair', '--strict', '--storage', storage]);
  const [, server = ''] = await srs.waitFor(/^listening (http:\S+)$/m);
  const [, peer = ''] = await srs.waitFor(/^listening (\S+) \(peer\)$/m);
  await srs.waitFor(/^listening \S+ \(control page\)\nlistening \S+ \(example agent desktop\)\n/m);
  for (const address of [server, peer]) {
    const client = new RawClient(address, 'ann', 'secret:1');
    await client.signIn();
    expect(client.csrf).toHaveProperty('X-CSRF-TOKEN');
  }
  expect(await srs.stop()).toBe(0);
});

it.each([
  ['a port that is none', ['--port', '70000'], 2],
  ['an agent without a password', ['--agent', 'ann'], 2],
  ['a certificate without its key', ['--tls-cert', 'x.pem'], 2],
  ['a file that is not there', ['--tls-cert', 'x.pem', '--tls-key', 'y.pem'], 2],
])('%s is said, and nothing starts', async (_name, args, code) => {
  srs = startSrs(['simulator', '--storage', storage, ...args]);
  expect(await srs.exited).toBe(code);
  expect([srs.stdout(), srs.stderr()]).toEqual(['', expect.stringMatching(/\S/)]);
});
