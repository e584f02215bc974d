import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import type { SimulatorAddresses } from '../../../src/simulator/options';
import { createSessionUnderTest, credentials, loginTo, type SessionUnderTest } from '../../support/session-under-test';
import { until } from '../../support/until';

describe('an agent session on the simulator', () => {
  let storage: string;
  let simulator: Simulator;
  let addresses: SimulatorAddresses;
  let session: SessionUnderTest;

  beforeEach(async () => {
    storage = await mkdtemp(join(tmpdir(), 'srs-session-'));
    simulator = createSimulator({
      accounts: [
        { userName: 'ann', password: 'secret', firstName: 'Ann', lastName: 'Lee' },
        { userName: 'bob', password: 'secret' },
      ],
      storage,
    });
    addresses = await simulator.start();
    session = createSessionUnderTest();
  });

  afterEach(async () => {
    await session.runner.stop();
    await simulator.stop();
    await rm(storage, { recursive: true, force: true });
  });

  it('signs in, obeys commands, reports and signs out', async () => {
    const { runner, commands } = session;
    const signedIn = await runner.login(loginTo(addresses.server, { details: { place: 'P1', devices: [{ dn: '7001', switch: 'SIP' }] } }));
    expect(signedIn.user).toMatchObject({ userName: 'ann', firstName: 'Ann', lastName: 'Lee' });
    expect(runner.state()).toMatchObject({ status: 'connected', which: 'primary', server: addresses.server });
    expect(simulator.control.agents()).toMatchObject([{ userName: 'ann', isListening: true, hasSession: true, place: 'P1' }]);

    const { recordingId } = simulator.control.startRecording('ann', { region: 'north' });
    await until('the start command', () => commands.length === 1);
    expect(commands[0]).toMatchObject({
      command: { type: 'start', recording: { id: recordingId, region: 'north' } },
      agent: { userName: 'ann', place: 'P1' },
    });

    const report = { recordingId, state: 'Recording', startTime: '2026-01-05T08:00:00.000+0000' } as const;
    await runner.report(report, commands[0]?.agent.servers);
    expect(simulator.control.reports()).toMatchObject([{ recordingId, state: 'Recording', clientVersion: '8.5.100.00' }]);

    await runner.logout(signedIn.sessionId);
    expect(runner.state()).toEqual({ status: 'signedOut' });
    expect(session.finished).toEqual(['logout']);
    await until('RWS to have no agent', () => simulator.control.agents().length === 0);
    expect(await session.store.load()).toBeUndefined();
  });

  it('refuses a wrong password and stays signed out', async () => {
    const login = session.runner.login(loginTo(addresses.server, { credentials: credentials('ann', 'wrong') }));
    await expect(login).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(session.runner.state()).toEqual({ status: 'signedOut' });
  });

  it('lets the next agent take the place over', async () => {
    const first = await session.runner.login(loginTo(addresses.server));
    const second = await session.runner.login(loginTo(addresses.server, { credentials: credentials('bob') }));
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(session.finished).toHaveLength(1);
    expect(simulator.control.agents().map(({ userName }) => userName)).toEqual(['bob']);
  });

  it('looks at once, and unseen, when the network changes or the computer wakes', async () => {
    const { runner } = session;
    await runner.login(loginTo(addresses.server));
    const polls = (): number => simulator.control.requests().filter(({ path }) => path.endsWith('/connect')).length;
    const seen: string[] = [];
    runner.onState(({ status }) => seen.push(status));
    for (const happen of [() => runner.networkChanged(), () => (runner.suspended(), runner.resumed())]) {
      await until('a poll to be held', () => polls() >= 2);
      const before = polls();
      happen();
      await until('a new poll, answered, and the next', () => polls() >= before + 2);
    }
    expect(new Set(seen)).toEqual(new Set(['connected']));
    simulator.control.startRecording('ann');
    await until('the start command', () => session.commands.length === 1);
  });
});
