import { rwsSchema } from '../../../src/config/schema';
import { SystemClock } from '../../../src/lib/clock';
import { silentLogger } from '../../../src/lib/logger';
import { Secret } from '../../../src/lib/secret';
import { createRwsGateway } from '../../../src/rws/create-rws-gateway';
import type { RwsGateway, RwsSessionListener } from '../../../src/rws/ports';
import { createSimulator } from '../../../src/simulator/create-simulator';
import { envelope, ME, ScriptedRws } from '../../../test/support/scripted-rws';

const isShort = process.env['SRS_BENCH_SHORT'] === '1';
const WARM_UP = isShort ? 20 : 500;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? (isShort ? 100 : 10_000));
const RESTARTS = Number(process.env['BENCH_RESTARTS'] ?? (isShort ? 1 : 21));
const CREDENTIALS = { userName: 'ann', password: new Secret('secret') };
const never = new AbortController().signal;

const fail = (what?: unknown): never => {
  throw new Error(`not expected: ${JSON.stringify(what)}`);
};
const print = (line: string): void => void process.stdout.write(`${line}\n`);

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
  const perPoll = (growth / ROUNDS).toFixed(1);
  print(
    `${ROUNDS} polls in ${seconds.toFixed(1)} s: heap ${(growth / 1024).toFixed(0)} KiB (${perPoll} bytes a poll), ${rws.openSockets} sockets`,
  );
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
  times.sort((a, b) => a - b);
  print(`${RESTARTS} restarts of RWS: back after ${times[RESTARTS >> 1]} ms in the median, ${times.at(-1)} ms at most`);
  session.discard();
  login.discard();
  await simulator.stop();
}

polls()
  .then(() => returns(process.argv[2] ?? ''))
  .then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
