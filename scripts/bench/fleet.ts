// A floor of clients that lose RWS and come back, on a virtual clock: the real session, with a server that is away for a minute. The most
// requests that RWS gets within one second, and when all are back, beside clients that try once a second. BENCH_CLIENTS (10000) of them.
import { FakeBayeuxServer } from '../../test/support/fake-bayeux-server';
import { busiestSecond, connectAll, seeded, StormClock } from '../../test/support/storm-fleet';
import { at, length, note, runBenchmark } from './parts/figures';

const CLIENTS = length('BENCH_CLIENTS', 10_000, 100);
const AWAY_MS = 60_000;
const AFTER_MS = 180_000;

runBenchmark(async () => {
  const clock = new StormClock();
  const server = new FakeBayeuxServer(clock);
  const clients = await connectAll(CLIENTS, clock, server, seeded(7));
  server.goDown();
  await clock.runTo(clock.now() + AWAY_MS);
  const returnedAt = clock.now();
  server.comeUp();
  await clock.runTo(returnedAt + AFTER_MS);
  const times = clients.map(({ restored }) => ((restored[0] ?? Number.POSITIVE_INFINITY) - returnedAt) / 1000);
  note({
    name: `${CLIENTS} clients after a minute without RWS: the busiest second`,
    unit: 'clients',
    value: busiestSecond(clients, returnedAt),
    // Each of them asks in every second, the first one included.
    yardstick: { name: 'a try a second', value: CLIENTS },
    goal: { atMost: 1 / 20 },
  });
  note({ name: 'half of them are back', unit: 's', value: at(times, 0.5) });
  note({ name: 'all of them are back', unit: 's', value: Math.max(...times), goal: { atMost: 120 } });
  for (const { notifications } of clients) notifications.discard();
});
