// What a session at RWS costs over time: memory and sockets after many long-poll rounds, and how long after RWS's return a client is back.
// BENCH_ROUNDS (10000) and BENCH_RESTARTS (21) set the length.
import { join } from 'node:path';
import { rwsSchema } from '../../src/config/schema';
import { SystemClock } from '../../src/lib/clock';
import { silentLogger } from '../../src/lib/logger';
import { Secret } from '../../src/lib/secret';
import { createRwsGateway } from '../../src/rws/create-rws-gateway';
import type { RwsGateway, RwsSessionListener } from '../../src/rws/ports';
import { createSimulator } from '../../src/simulator/create-simulator';
import { envelope, ME, ScriptedRws } from '../../test/support/scripted-rws';
import { at, isShort, length, median, note, runBenchmark } from './parts/figures';
import { inTemporaryFolder } from './parts/temporary-folder';

const WARM_UP = isShort ? 20 : 500;
const ROUNDS = length('BENCH_ROUNDS', 10_000, 100);
const RESTARTS = length('BENCH_RESTARTS', 21, 1);
const CREDENTIALS = { userName: 'ann', password: new Secret('secret') };
const never = new AbortController().signal;

const fail = (what?: unknown): never => {
  throw new Error(`not expected: ${JSON.stringify(what)}`);
};

function gateway(): RwsGateway {
  const clock = new SystemClock();
  return createRwsGateway({
    config: rwsSchema.parse({}),
    trigger: 'command',
    clientVersion: '8.5.100.00',
    clock,
    random: Math.random,
    log: silentLogger,
  });
}

function listener(own: Partial<RwsSessionListener>): RwsSessionListener {
  return {
    onCommand: fail,
    onStartRefused: fail,
    onContact: () => undefined,
    onInterrupted: fail,
    onRestored: fail,
    onEnded: fail,
    ...own,
  };
}

interface BayeuxMessage {
  readonly id: string;
  readonly channel: string;
}

/** Memory, timers and sockets after many rounds of long polling. */
async function polls(): Promise<void> {
  const rws = new ScriptedRws(({ path, body, method }, response) => {
    rws.seen.length = 0;
    if (method === 'GET' || !path.startsWith('/api/v2/notifications')) return envelope(response, 200, ME);
    const common = { successful: true, clientId: 'c', version: '1.0', supportedConnectionTypes: ['long-polling'] };
    const answers = (JSON.parse(body) as readonly BayeuxMessage[]).map(({ id, channel }) => ({ id, channel, ...common }));
    response.end(JSON.stringify(answers));
  });
  const login = await gateway().signIn(await rws.start(), CREDENTIALS, never);
  let count = 0;
  let onCount = (): void => undefined;
  const onContact = (): void => {
    count += 1;
    onCount();
  };
  const session = await login.openSession({ devices: [] }, listener({ onContact }), never);
  const reach = (target: number): Promise<void> =>
    new Promise((resolve) => {
      onCount = () => {
        if (count >= target) resolve();
      };
    });
  const heap = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  await reach(WARM_UP);
  const before = heap();
  const begin = performance.now();
  await reach(WARM_UP + ROUNDS);
  const seconds = (performance.now() - begin) / 1000;
  const growth = heap() - before;
  note({ name: 'heap after polls', unit: 'bytes a poll', value: growth / ROUNDS });
  note({ name: 'sockets after polls', unit: 'sockets', value: rws.openSockets });
  note({ name: 'polls', unit: 'a second', value: ROUNDS / seconds });
  session.discard();
  login.discard();
  await rws.stop();
}

/** How long after RWS's return a client is back. */
async function returns(storage: string): Promise<void> {
  const simulator = createSimulator({ accounts: [{ userName: 'ann', password: 'secret' }], storage });
  const { server } = await simulator.start();
  const login = await gateway().signIn(server, CREDENTIALS, never);
  let onRestored = (): void => undefined;
  const own = { onInterrupted: () => undefined, onRestored: () => onRestored() };
  const session = await login.openSession({ devices: [] }, listener(own), never);
  const times: number[] = [];
  for (let round = 0; round < RESTARTS; round += 1) {
    const restored = new Promise<void>((resolve) => (onRestored = resolve));
    await simulator.control.restart('primary', 300);
    const begin = performance.now();
    await restored;
    times.push(Math.round(performance.now() - begin));
  }
  note({ name: 'back after a restart of RWS, p50', unit: 'ms', value: median(times) });
  note({ name: 'back after a restart of RWS, p99', unit: 'ms', value: at(times, 0.99) });
  session.discard();
  login.discard();
  await simulator.stop();
}

runBenchmark(() =>
  inTemporaryFolder(async (folder) => {
    await polls();
    await returns(join(folder, 'storage'));
  }),
);
