import { FakeBayeuxServer } from '../../support/fake-bayeux-server';
import { busiestSecond, connectAll, seeded, StormClock } from '../../support/storm-fleet';

const CLIENTS = 1000;

describe('a floor of agents', () => {
  it('does not return at once after an outage of 60 s, and is back within 60 s more', async () => {
    const clock = new StormClock();
    const server = new FakeBayeuxServer(clock);
    const clients = await connectAll(CLIENTS, clock, server, seeded(7));
    const lostAt = clock.now();
    server.goDown();
    await clock.runTo(lostAt + 60_000);
    const returnedAt = clock.now();
    server.comeUp();
    await clock.runTo(returnedAt + 60_000);

    expect(clients.filter(({ restored }) => restored.length === 1)).toHaveLength(CLIENTS);
    expect(busiestSecond(clients, returnedAt)).toBeLessThanOrEqual(CLIENTS / 10);
    clients.forEach(({ notifications }) => notifications.discard());
  });

  it('is back within 2 s in the median when RWS was away only for a moment', async () => {
    const clock = new StormClock();
    const server = new FakeBayeuxServer(clock);
    const clients = await connectAll(201, clock, server, seeded(11));
    server.goDown();
    await clock.runTo(clock.now() + 300);
    const returnedAt = clock.now();
    server.comeUp();
    await clock.runTo(returnedAt + 60_000);
    const times = clients.map(({ restored }) => (restored[0] ?? Number.POSITIVE_INFINITY) - returnedAt).sort((a, b) => a - b);
    expect(times[100]).toBeLessThan(2000);
    clients.forEach(({ notifications }) => notifications.discard());
  });
});
