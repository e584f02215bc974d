import type { ApiServer } from '../../../src/api/api-server';
import { PatientApi } from '../../../src/host/patient-api';
import { AppError } from '../../../src/shared/errors';
import { FakeClock } from '../../fakes/fake-clock';
import { FakeProblems } from '../../fakes/fake-problems';

const HELD = new AppError('portTaken', 'Another user has it.', { isRetryable: true });
const TAKEN = new AppError('portTaken', 'A program of this user has it.');
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
    return { api: new PatientApi({ createServer, onListening, clock, problems }), clock, problems, seen };
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
});
