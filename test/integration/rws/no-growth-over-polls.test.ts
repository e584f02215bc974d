import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { rwsSchema } from '../../../src/config/schema';
import { SystemClock, type Timer } from '../../../src/lib/clock';
import { silentLogger } from '../../../src/lib/logger';
import { createRwsGateway } from '../../../src/rws/create-rws-gateway';
import { envelope, ME, ScriptedRws } from '../../support/scripted-rws';
import { credentials } from '../../support/session-under-test';
import { until } from '../../support/until';

const WARM_UP = 400;
const ROUNDS = 1500;
/** A leak of one small object a round would be more. */
const MAX_GROWTH_BYTES = 1_500_000;

class CountingClock extends SystemClock {
  pending = 0;

  override after(ms: number, callback: () => void): Timer {
    this.pending += 1;
    let isOver = false;
    const end = (): void => {
      if (!isOver) this.pending -= 1;
      isOver = true;
    };
    const timer = super.after(ms, () => {
      end();
      callback();
    });
    return {
      cancel: () => {
        end();
        timer.cancel();
      },
    };
  }
}

/** `scripts/bench/rws.mjs` does the same for 10,000 rounds. */
it('memory, timers and sockets stay flat over many polls', async () => {
  const rws = new ScriptedRws(({ path, body, method }, response) => {
    if (method === 'GET') return envelope(response, 200, ME);
    if (!path.startsWith('/api/v2/notifications')) return envelope(response, 200);
    const sent = JSON.parse(body) as { id: string; channel: string }[];
    rws.seen.length = 0;
    const replies = sent.map(({ id, channel }) => ({
      id,
      channel,
      successful: true,
      clientId: 'c',
      version: '1.0',
      supportedConnectionTypes: ['long-polling'],
    }));
    response.end(JSON.stringify(replies));
  });
  const server = await rws.start();
  const clock = new CountingClock();
  const gateway = createRwsGateway({
    config: rwsSchema.parse({}),
    trigger: 'command',
    clientVersion: '1',
    clock,
    random: Math.random,
    log: silentLogger,
  });
  const login = await gateway.signIn(server, credentials(), AbortSignal.timeout(10_000));
  let polls = 0;
  const fail = (error: Error): void => {
    throw error;
  };
  const listener = {
    onCommand: () => undefined,
    onStartRefused: fail,
    onContact: () => void (polls += 1),
    onInterrupted: fail,
    onRestored: () => undefined,
    onEnded: fail,
  };
  const session = await login.openSession({ devices: [] }, listener, AbortSignal.timeout(10_000));
  try {
    await until('the warm-up', () => polls >= WARM_UP);
    const before = measure();
    await until('the polls', () => polls >= WARM_UP + ROUNDS, 50_000);
    const after = measure();
    expect(after.bytes - before.bytes).toBeLessThan(MAX_GROWTH_BYTES);
    expect(clock.pending).toBeLessThanOrEqual(5);
    expect(rws.openSockets).toBeLessThanOrEqual(3);
  } finally {
    session.discard();
    login.discard();
    await rws.stop();
  }
  expect(clock.pending).toBe(0);
});

function measure(): { bytes: number } {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return { bytes: process.memoryUsage().heapUsed };
}
