import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import type { SimulatorAddresses } from '../../../src/simulator/options';
import { createSessionUnderTest, loginTo, type SessionUnderTest } from '../../support/session-under-test';
import { until } from '../../support/until';

const START = 'StartContactCenterSession';
const END = 'EndContactCenterSession';
/** What a Web Services server answers that does not know the channel (rws.md, *Conventions*). */
const refusal = (statusCode: number, status = 400) =>
  ({
    target: 'me',
    method: 'POST',
    times: 1,
    action: { type: 'answer', status, statusCode, statusMessage: 'Parameter channels is invalid.' },
  }) as const;

/** The agent's own telephony session may be at the same server: only what this service opened is ended by it. */
describe('rws.startOperation', () => {
  let storage: string;
  let simulator: Simulator;
  let addresses: SimulatorAddresses;
  let session: SessionUnderTest;

  beforeEach(async () => {
    storage = await mkdtemp(join(tmpdir(), 'srs-start-operation-'));
    simulator = createSimulator({ accounts: [{ userName: 'ann', password: 'secret' }], storage });
    addresses = await simulator.start();
  });
  afterEach(async () => {
    await session.runner.stop();
    await simulator.stop();
    await rm(storage, { recursive: true, force: true });
  });

  async function signInRecordAndOut(startOperation: string | null): Promise<readonly (string | undefined)[]> {
    session = createSessionUnderTest({ rws: { startOperation } });
    const { sessionId } = await session.runner.login(loginTo(addresses.server));
    simulator.control.startRecording('ann');
    await until('the start command', () => session.commands.length > 0);
    await session.runner.logout(sessionId);
    expect(simulator.control.agents().filter(({ isListening }) => isListening)).toEqual([]);
    return simulator.control
      .requests()
      .map(({ operation }) => operation)
      .filter((operation) => operation === START || operation === END);
  }

  /** Operations that reached RWS, those a fault answered included. */
  const posts = (): number => simulator.control.requests().filter(({ method, path }) => method === 'POST' && path === '/api/v2/me').length;

  it('is not sent unless it is configured, nor is an end', async () => {
    expect(await signInRecordAndOut(null)).toEqual([]);
    expect(session.problems.raised.size).toBe(0);
  });

  it('is sent where it is configured, and ended', async () => {
    expect(await signInRecordAndOut(START)).toEqual([START, END]);
  });

  it.each([
    ['400 with 2', 2, 400],
    ['403 with 5', 5, 403],
    ['200 with 10', 10, 200],
  ])('refused by %s keeps nobody from recording, is shown, and nothing is ended', async (_what, code, status) => {
    simulator.control.faults.add(refusal(code, status));
    expect(await signInRecordAndOut(START)).not.toContain(END);
    expect(posts()).toBe(1);
    expect(session.problems.raised.get('startOperationRefused')?.text).toContain('Parameter channels is invalid.');
  });

  it('is not ended where somebody else’s session was there before', async () => {
    simulator.control.faults.add(refusal(18));
    expect(await signInRecordAndOut(START)).not.toContain(END);
    expect(posts()).toBe(1);
    expect(session.problems.raised.size).toBe(0);
  });

  it('shows the refusal no longer after a login that RWS takes', async () => {
    simulator.control.faults.add(refusal(2));
    session = createSessionUnderTest({ rws: { startOperation: START } });
    const first = await session.runner.login(loginTo(addresses.server));
    await until('the problem', () => session.problems.raised.has('startOperationRefused'));
    await session.runner.logout(first.sessionId);
    await session.runner.login(loginTo(addresses.server));
    expect(session.problems.raised.has('startOperationRefused')).toBe(false);
  });
});
