// What a session at RWS costs over time: memory, timers and sockets after many long-poll rounds, and how long after RWS's return a client
// is back. BENCH_ROUNDS (10000) and BENCH_RESTARTS (21) set the length.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const folder = mkdtempSync(path.join(tmpdir(), 'srs-bench-rws-'));

const BENCH = `
import { rwsSchema } from './src/config/schema';
import { SystemClock } from './src/lib/clock';
import { silentLogger } from './src/lib/logger';
import { Secret } from './src/lib/secret';
import { createRwsGateway } from './src/rws/create-rws-gateway';
import { createSimulator } from './src/simulator/create-simulator';
import { envelope, ME, ScriptedRws } from './test/support/scripted-rws';

const rounds = Number(process.env.BENCH_ROUNDS ?? 10000);
const restarts = Number(process.env.BENCH_RESTARTS ?? 21);
const fail = (error) => { throw error; };
const gatewayWith = (rws) => createRwsGateway({
  config: rwsSchema.parse(rws), trigger: 'command', clientVersion: '8.5.100.00', clock: new SystemClock(), random: Math.random, log: silentLogger,
});
const credentials = { userName: 'ann', password: new Secret('secret') };
const never = new AbortController().signal;

async function polls() {
  const rws = new ScriptedRws(({ path, body, method }, response) => {
    rws.seen.length = 0;
    if (method === 'GET' || !path.startsWith('/api/v2/notifications')) return envelope(response, 200, ME);
    response.end(JSON.stringify(JSON.parse(body).map(({ id, channel }) => (
      { id, channel, successful: true, clientId: 'c', version: '1.0', supportedConnectionTypes: ['long-polling'] }))));
  });
  const login = await gatewayWith({}).signIn(await rws.start(), credentials, never);
  let count = 0;
  let onCount = () => undefined;
  const listener = {
    onCommand: fail, onContact: () => { count += 1; onCount(); }, onInterrupted: fail, onRestored: fail, onEnded: fail };
  const session = await login.openSession({ devices: [] }, listener, never);
  const reach = (target) => new Promise((resolve) => { onCount = () => { if (count >= target) resolve(); }; });
  const heap = () => { globalThis.gc(); return process.memoryUsage().heapUsed; };
  await reach(500);
  const before = heap();
  const begin = Date.now();
  await reach(500 + rounds);
  const seconds = (Date.now() - begin) / 1000;
  const growth = heap() - before;
  console.log(rounds + ' polls in ' + seconds.toFixed(1) + ' s: heap ' + (growth >= 0 ? '+' : '') + (growth / 1024).toFixed(0) + ' KiB (' +
    (growth / rounds).toFixed(1) + ' bytes a poll), ' + rws.openSockets + ' sockets');
  session.discard();
  login.discard();
  await rws.stop();
}

async function returns(storage) {
  const simulator = createSimulator({ accounts: [{ userName: 'ann', password: 'secret' }], storage });
  const { server } = await simulator.start();
  const login = await gatewayWith({}).signIn(server, credentials, never);
  let onRestored = () => undefined;
  const listener = {
    onCommand: fail, onContact: () => undefined, onInterrupted: () => undefined, onRestored: () => onRestored(), onEnded: fail };
  const session = await login.openSession({ devices: [] }, listener, never);
  const times = [];
  for (let round = 0; round < restarts; round += 1) {
    const restored = new Promise((resolve) => { onRestored = resolve; });
    await simulator.control.restart('primary', 300);
    const begin = Date.now();
    await restored;
    times.push(Date.now() - begin);
  }
  times.sort((a, b) => a - b);
  console.log(restarts + ' restarts of RWS: back after ' + times[restarts >> 1] + ' ms in the median, ' + times.at(-1) + ' ms at most');
  session.discard();
  login.discard();
  await simulator.stop();
}

polls().then(() => returns(process.argv[2])).then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
`;

try {
  const bundle = path.join(folder, 'bench.cjs');
  const entry = { contents: BENCH, resolveDir: root, loader: 'ts' };
  await build({ stdin: entry, outfile: bundle, bundle: true, platform: 'node', format: 'cjs', external: ['keytar'], logLevel: 'error' });
  const { status } = spawnSync(process.execPath, ['--expose-gc', bundle, path.join(folder, 'storage')], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
