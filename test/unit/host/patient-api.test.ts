import type { ApiServer } from '../../../src/api/api-server';
import { PatientApi } from '../../../src/host/patient-api';
import { FrontSession } from '../../../src/lib/front-session';
import { PortRefusedError } from '../../../src/lib/port-refusal';
import { silentLogger } from '../../../src/lib/logger';
import { AppError } from '../../../src/shared/errors';
import { FakeClock } from '../../fakes/fake-clock';
import { FakeProblems } from '../../fakes/fake-problems';

const HELD = new AppError('portTaken', 'Another user has it.', { isRetryable: true });
const TAKEN = new AppError('portTaken', 'A program of this user has it.');
const REFUSED = { address: '127.0.0.1', port: 8080, setting: 'http.port' };
const DENIED = new PortRefusedError({ code: 'portDenied', facts: REFUSED }, { cause: undefined, isRetryable: false });
const ADDRESSES = ['http://127.0.0.1:8080'];

describe('PatientApi', () => {
  function rig(...failures: readonly Error[]) {
    const left = [...failures];
    const problems = new FakeProblems();
    const clock = new FakeClock();
    const seen = { tries: 0, stopped: 0, listening: [] as (readonly string[])[] };
    const createServer = (): ApiServer => ({
      start: async () => {
        seen.tries += 1;
        const failure = left.shift();
        if (failure !== undefined) throw failure;
        return ADDRESSES;
      },
      stop: async () => void (seen.stopped += 1),
    });
    const onListening = async (addresses: readonly string[]): Promise<void> => void seen.listening.push(addresses);
    const onReleased = async (): Promise<void> => void seen.listening.push([]);
    const front = new FrontSession({ timers: clock, log: silentLogger });
    return { api: new PatientApi({ createServer, onListening, onReleased, front, clock, problems }), clock, problems, seen, front };
  }

  it('listens at once when the port is free', async () => {
    const { api, problems, seen, clock } = rig();
    expect(await api.start()).toEqual(ADDRESSES);
    expect([seen.listening, [...problems.raised.keys()], clock.pendingTimers]).toEqual([[ADDRESSES], [], 0]);
  });

  it('shows who holds the port and tries again every 5 s, until they leave', async () => {
    const { api, clock, problems, seen } = rig(HELD, HELD, TAKEN);
    expect(await api.start()).toEqual([]);
    expect([...problems.raised.keys()]).toEqual(['portTaken']);
    await clock.advance(4_999);
    expect(seen.tries).toBe(1);
    await clock.advance(1);
    expect(seen.tries).toBe(2);
    await clock.advance(5_000);
    expect([seen.tries, [...problems.raised.keys()]]).toEqual([3, ['portTaken']]);
    await clock.advance(5_000);
    expect([seen.listening, [...problems.raised.keys()], clock.pendingTimers]).toEqual([[ADDRESSES], [], 0]);
    await api.stop();
    expect(seen.stopped).toBe(1);
  });

  it('shows one reason at a time, and none once it listens', async () => {
    const { api, clock, problems } = rig(HELD, DENIED, HELD);
    const shown: string[][] = [];
    await api.start();
    for (let tries = 0; tries < 4; tries += 1) {
      shown.push([...problems.raised.keys()]);
      await clock.advance(5_000);
    }
    expect(shown).toEqual([['portTaken'], ['portDenied'], ['portTaken'], []]);
    await api.stop();
  });

  it.each([TAKEN, new AppError('internal', 'No.'), new Error('no')])('ends with an error that waiting does not fix: %s', async (error) => {
    const { api, clock, problems } = rig(error);
    await expect(api.start()).rejects.toBe(error);
    expect([[...problems.raised.keys()], clock.pendingTimers]).toEqual([[], 0]);
    await api.stop();
  });

  it('stops waiting when it is stopped', async () => {
    const { api, clock, seen } = rig(HELD, HELD);
    await api.start();
    await api.stop();
    await clock.advance(60_000);
    expect([seen.tries, clock.pendingTimers]).toEqual([1, 0]);
  });

  it('gives the port up while another session is in front, and takes it again at once', async () => {
    const { api, clock, problems, seen, front } = rig();
    await api.start();
    front.set('background');
    await clock.advance(60_000);
    expect([seen.tries, seen.stopped, seen.listening, [...problems.raised.keys()]]).toEqual([1, 1, [ADDRESSES, []], ['inBackground']]);
    front.set('front');
    await clock.advance(0);
    expect([seen.tries, seen.listening.at(-1), [...problems.raised.keys()]]).toEqual([2, ADDRESSES, []]);
    await api.stop();
    expect(seen.stopped).toBe(2);
  });

  it('does not listen when it starts in the background', async () => {
    const { api, clock, seen, front } = rig();
    front.set('background');
    expect(await api.start()).toEqual([]);
    await clock.advance(60_000);
    expect([seen.tries, clock.pendingTimers]).toEqual([0, 0]);
    await api.stop();
  });

  it('does not wait for the next 5 s when it comes to the front, and waits no more in the background', async () => {
    const { api, clock, problems, seen, front } = rig(HELD, HELD);
    await api.start();
    front.set('background');
    await clock.advance(60_000);
    expect([seen.tries, [...problems.raised.keys()]]).toEqual([1, ['inBackground']]);
    front.set('front');
    await clock.advance(0);
    expect([seen.tries, [...problems.raised.keys()]]).toEqual([2, ['portTaken']]);
    await clock.advance(5_000);
    expect([seen.listening, [...problems.raised.keys()]]).toEqual([[ADDRESSES], []]);
    await api.stop();
  });
});
