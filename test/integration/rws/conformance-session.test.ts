import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import type { FaultRequest } from '../../../src/simulator/faults/fault';
import type { SimulatorAddresses } from '../../../src/simulator/options';
import { createSessionUnderTest, loginTo, type SessionUnderTest } from '../../support/session-under-test';
import { until } from '../../support/until';

type Which = 'primary' | 'peer';

interface Outage {
  readonly what: string;
  readonly happen: (simulator: Simulator, which: Which) => void | Promise<void>;
  /** The session is on the other data centre afterwards. */
  readonly moves?: true;
  /** May be over before anybody sees it. */
  readonly isQuiet?: true;
}

const fault =
  (request: FaultRequest): Outage['happen'] =>
  (simulator, dataCentre) => {
    simulator.control.faults.add({ times: 1, ...request, dataCentre });
    // The held poll has to come back first, so that the next one meets the fault.
    simulator.control.cutConnections(dataCentre);
  };

const outages: readonly Outage[] = [
  { what: 'a cut socket', isQuiet: true, happen: ({ control }, which) => control.cutConnections(which) },
  { what: 'a forgotten session', happen: ({ control }, which) => control.dropSessions(which) },
  { what: 'a server restart', happen: ({ control }, which) => control.restart(which, 300) },
  {
    what: 'rotated cookies and CSRF token',
    isQuiet: true,
    happen: ({ control }, which) => (control.rotateCookies(which), control.rotateCsrf(which), control.cutConnections(which)),
  },
  { what: '402::Unknown client', happen: fault({ target: 'connect', action: { type: 'unknownClient' } }) },
  { what: '402::session_unknown', happen: fault({ target: 'connect', action: { type: 'unknownClient', error: '402::session_unknown' } }) },
  { what: '402 without advice', happen: fault({ target: 'connect', action: { type: 'unknownClient', reconnect: null } }) },
  {
    what: 'advice none',
    happen: fault({ target: 'connect', action: { type: 'unknownClient', error: '403::go away', reconnect: 'none' } }),
  },
  {
    what: 'an advised interval',
    happen: fault({ target: 'connect', action: { type: 'unknownClient', reconnect: 'handshake', interval: 200 } }),
  },
  { what: 'HTML on the poll', happen: fault({ target: 'connect', action: { type: 'html' } }) },
  { what: 'HTML with 502 on the poll, for a while', happen: fault({ target: 'connect', times: 3, action: { type: 'html', status: 502 } }) },
  { what: 'an answer without messages', happen: fault({ target: 'connect', action: { type: 'answer', status: 200, body: '[]' } }) },
  { what: 'an empty answer', happen: fault({ target: 'connect', action: { type: 'answer', status: 200, body: '' } }) },
  { what: '401 on the poll', happen: fault({ target: 'connect', action: { type: 'answer', status: 401, statusCode: 20 } }) },
  { what: '403 with 20 on the poll', happen: fault({ target: 'connect', action: { type: 'answer', status: 403, statusCode: 20 } }) },
  {
    what: '403 Csrf on the poll',
    isQuiet: true,
    happen: fault({
      target: 'connect',
      action: { type: 'answer', status: 403, statusCode: 3, statusMessage: 'Missing or invalid Csrf token' },
    }),
  },
  { what: '404 on the poll', happen: fault({ target: 'connect', action: { type: 'answer', status: 404, body: 'no such page' } }) },
  {
    what: 'not available, Retry-After',
    happen: fault({ target: 'connect', action: { type: 'answer', status: 503, headers: { 'Retry-After': '1' } } }),
  },
  { what: 'a hang on the poll', happen: fault({ target: 'connect', action: { type: 'hang' } }) },
  { what: 'a cut answer on the poll', happen: fault({ target: 'connect', action: { type: 'cutAnswer', atByte: 9 } }) },
  {
    what: 'HTML on the re-handshake',
    happen: (simulator, which) => (
      simulator.control.faults.add({ target: 'handshake', times: 1, dataCentre: which, action: { type: 'html' } }),
      simulator.control.dropSessions(which)
    ),
  },
  {
    what: 'a refused re-subscription',
    happen: (simulator, which) => (
      simulator.control.faults.add({ target: 'subscribe', times: 1, dataCentre: which, action: { type: 'answer', status: 500 } }),
      simulator.control.dropSessions(which)
    ),
  },
  {
    what: 'me not there yet after a restart',
    happen: (simulator, which) => (
      simulator.control.faults.add({
        target: 'me',
        times: 2,
        dataCentre: which,
        action: { type: 'answer', status: 404, body: 'starting' },
      }),
      simulator.control.dropSessions(which)
    ),
  },
  {
    what: 'every answer in single bytes from now on',
    isQuiet: true,
    happen: ({ control }, dataCentre) => (
      control.faults.add({ dataCentre, action: { type: 'splitAnswer', bytes: 1 } }),
      control.cutConnections(dataCentre)
    ),
  },
  { what: 'a lost data centre', moves: true, happen: ({ control }, which) => control.goOffline(which) },
  {
    what: 'a data centre that only hangs',
    moves: true,
    happen: ({ control }, dataCentre) => (control.faults.add({ dataCentre, action: { type: 'hang' } }), control.cutConnections(dataCentre)),
  },
];

/** What depends on where the session is. */
const ON_PEER = /restart$|forgotten|advice none|401|data centre/;

describe.each(['primary', 'peer'] as const)('in a session on the %s', (which) => {
  let storage: string;
  let simulator: Simulator;
  let addresses: SimulatorAddresses;
  let session: SessionUnderTest;

  beforeEach(async () => {
    storage = await mkdtemp(join(tmpdir(), 'srs-conformance-'));
    simulator = createSimulator({
      accounts: [{ userName: 'ann', password: 'secret' }],
      storage,
      isPair: true,
      strict: { csrf: true, cookies: true },
      bayeux: { timeout: 1000, maxInterval: 1500 },
    });
    addresses = await simulator.start();
    session = createSessionUnderTest({
      rws: { timeoutSeconds: 1 },
      settings: { timeoutSeconds: 1, failoverAfterSeconds: 3, failbackProbeSeconds: 600 },
    });
    if (which === 'peer') await simulator.control.goOffline('primary');
    await session.runner.login(loginTo(addresses.server, addresses.peer === undefined ? {} : { peerServer: addresses.peer }));
    if (which === 'peer') await simulator.control.goOnline('primary');
    expect(session.runner.state()).toMatchObject({ status: 'connected', which });
  });

  afterEach(async () => {
    await session.runner.stop();
    await simulator.stop();
    await rm(storage, { recursive: true, force: true });
  });

  it.each(which === 'primary' ? outages : outages.filter(({ what }) => ON_PEER.test(what)))(
    'is back after $what',
    async ({ happen, moves, isQuiet }) => {
      const { sessionId } = session.runner.current() ?? {};
      const seen: string[] = [];
      session.runner.onState(({ status }) => seen.push(status));
      await happen(simulator, which);
      if (!isQuiet)
        await until('the outage to be noticed', () => seen.includes('reconnecting') || session.runner.state().status !== 'connected');
      const where = moves ? (which === 'primary' ? 'peer' : 'primary') : which;
      await until('the session to be back', () => isBack(where), 40_000);
      expect(session.runner.current()?.sessionId).toBe(sessionId);
      // Nothing is logged in twice: sessions RWS has not noticed the loss of expire by themselves.
      await until('RWS to have one session', () => isAlone(where), 10_000);
      expect(session.finished).toEqual([]);
      const { recordingId } = simulator.control.startRecording('ann');
      await until('the next start command', () => session.commands.length > 0);
      expect(session.commands).toMatchObject([{ command: { type: 'start', recording: { id: recordingId } } }]);
      await session.runner.report({ recordingId, state: 'Recording' }, session.commands[0]?.agent.servers);
      expect(simulator.control.reports()).toMatchObject([{ recordingId, state: 'Recording', dataCentre: where }]);
    },
  );

  function isBack(where: Which): boolean {
    const state = session.runner.state();
    return state.status === 'connected' && state.which === where;
  }

  function isAlone(where: Which): boolean {
    const listening = simulator.control.agents().filter(({ isListening }) => isListening);
    return isBack(where) && listening.length === 1 && listening[0]?.dataCentre === where && listening[0].hasSession;
  }
});
