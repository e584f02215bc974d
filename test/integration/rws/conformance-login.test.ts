import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import type { FaultRequest } from '../../../src/simulator/faults/fault';
import type { SimulatorAddresses } from '../../../src/simulator/options';
import { createSessionUnderTest, credentials, loginTo, type SessionUnderTest } from '../../support/session-under-test';
import { until } from '../../support/until';

type Fault = Omit<FaultRequest, 'dataCentre' | 'times'>;

const onMe = { target: 'me', method: 'GET' } as const;
const onStart = { target: 'me', method: 'POST' } as const;

/** Faults that pass: the login has to get over them by itself. */
const passing: readonly (readonly [string, Fault])[] = [
  ['an internal error at the validation', { ...onMe, action: { type: 'answer', status: 500 } }],
  ['code 4 in a 200', { ...onMe, action: { type: 'answer', status: 200, statusCode: 4 } }],
  ['not available, Retry-After 0', { ...onMe, action: { type: 'answer', status: 503, headers: { 'Retry-After': '0' } } }],
  ['too many requests', { ...onMe, action: { type: 'answer', status: 429 } }],
  ['a time-out in between', { ...onMe, action: { type: 'answer', status: 408 } }],
  ['HTML with 200', { ...onMe, action: { type: 'html' } }],
  ['HTML with 502', { ...onMe, action: { type: 'html', status: 502 } }],
  ['a redirection', { ...onMe, action: { type: 'answer', status: 302, headers: { Location: 'https://portal.example/' }, body: '' } }],
  ['JSON that is no user', { ...onMe, action: { type: 'answer', status: 200, body: '{"statusCode":0}' } }],
  ['cut JSON', { ...onMe, action: { type: 'answer', status: 200, body: '{"statusCode":0,"us' } }],
  ['a hang at the validation', { ...onMe, action: { type: 'hang' } }],
  ['a cut socket at the validation', { ...onMe, action: { type: 'cutAnswer', atByte: 0 } }],
  ['a cut answer at the validation', { ...onMe, action: { type: 'cutAnswer', atByte: 12 } }],
  ['an internal error at the session start', { ...onStart, action: { type: 'answer', status: 500 } }],
  ['a hang at the session start', { ...onStart, action: { type: 'hang' } }],
  ['a cut socket at the session start', { ...onStart, action: { type: 'cutAnswer', atByte: 0 } }],
  ['a hang at the handshake', { target: 'handshake', action: { type: 'hang' } }],
  ['HTML at the handshake', { target: 'handshake', action: { type: 'html' } }],
  ['a cut socket at the handshake', { target: 'handshake', action: { type: 'cutAnswer', atByte: 0 } }],
  ['an internal error at the handshake', { target: 'handshake', action: { type: 'answer', status: 503 } }],
  ['HTML at the subscription', { target: 'subscribe', action: { type: 'html' } }],
  ['an internal error at the subscription', { target: 'subscribe', action: { type: 'answer', status: 500 } }],
  ['an unknown client at the first poll', { target: 'connect', action: { type: 'unknownClient' } }],
  ['a cut socket at the first poll', { target: 'connect', action: { type: 'cutAnswer', atByte: 0 } }],
  ['a cut answer at the first poll', { target: 'connect', action: { type: 'cutAnswer', atByte: 9 } }],
];

/** What a login has to live with without a second attempt. */
const harmless: readonly (readonly [string, Fault])[] = [
  ['every answer in single bytes', { action: { type: 'splitAnswer', bytes: 1 } }],
  ['slow answers', { action: { type: 'delay', ms: 60 } }],
  ['a cookie demanded at the validation', { ...onMe, action: { type: 'demandCookie' } }],
  ['the session is known already (18)', { ...onStart, action: { type: 'answer', status: 409, statusCode: 18 } }],
];

const refusals: readonly (readonly [string, Fault, object])[] = [
  ['401', { ...onMe, action: { type: 'answer', status: 401, statusCode: 20 } }, { kind: 'unauthenticated' }],
  ['403 with 20', { ...onMe, action: { type: 'answer', status: 403, statusCode: 20 } }, { kind: 'unauthenticated' }],
  [
    '403 with 3',
    { ...onMe, action: { type: 'answer', status: 403, statusCode: 3, statusMessage: 'No' } },
    { kind: 'refused', statusCode: 3, statusMessage: 'No' },
  ],
  ['403 with 8', { ...onMe, action: { type: 'answer', status: 403, statusCode: 8 } }, { kind: 'refused', statusCode: 8 }],
];

const IMPASSABLE = { primary: /^(an internal error|a hang|a cut socket|HTML with 200)/, peer: /validation$/ };

describe.each(['primary', 'peer'] as const)('login on the %s', (which) => {
  let storage: string;
  let simulator: Simulator;
  let addresses: SimulatorAddresses;
  let session: SessionUnderTest;

  beforeEach(async () => {
    storage = await mkdtemp(join(tmpdir(), 'srs-conformance-'));
    simulator = createSimulator({
      accounts: [{ userName: 'ann', password: 'sécret', firstName: 'Änn', lastName: 'Łę' }],
      storage,
      isPair: true,
      bayeux: { timeout: 2000, maxInterval: 2000 },
    });
    addresses = await simulator.start();
    session = createSessionUnderTest({ rws: { timeoutSeconds: 0.7 }, settings: { timeoutSeconds: 0.7 } });
    if (which === 'peer') await simulator.control.goOffline('primary');
  });

  afterEach(async () => {
    await session.runner.stop();
    await simulator.stop();
    await rm(storage, { recursive: true, force: true });
  });

  const login = () =>
    session.runner.login(
      loginTo(addresses.server, {
        credentials: credentials('ann', 'sécret'),
        ...(addresses.peer === undefined ? {} : { peerServer: addresses.peer }),
      }),
    );
  const strike = (fault: Fault, times?: number): string =>
    simulator.control.faults.add({ ...fault, dataCentre: which, ...(times === undefined ? {} : { times }) });

  const expectObedience = async (at: 'primary' | 'peer', hasSession = true): Promise<void> => {
    expect(session.runner.state()).toMatchObject({ status: 'connected', which: at });
    // A handshake whose answer was lost, or whose goodbye was, is left to expire: it hears nothing and is signed in to nothing.
    const agents = simulator.control.agents().filter((agent) => agent.isListening || agent.hasSession);
    expect(agents).toMatchObject([{ userName: 'ann', dataCentre: at, isListening: true, hasSession }]);
    const { recordingId } = simulator.control.startRecording('ann', { region: 'Zürich – 東京' });
    await until('the start command', () => session.commands.length > 0);
    expect(session.commands).toMatchObject([{ command: { type: 'start', recording: { id: recordingId, region: 'Zürich – 東京' } } }]);
  };

  it.each(passing)('gets over %s', async (_what, fault) => {
    strike(fault, 1);
    await login();
    await expectObedience(which);
  });

  it.each(harmless)('is not held up by %s', async (_what, fault) => {
    session = createSessionUnderTest({ rws: { timeoutSeconds: 10 }, settings: { timeoutSeconds: 10 } });
    strike(fault);
    await login();
    // An answer made up by the fault leaves the simulator without the session it speaks of.
    await expectObedience(which, fault.action.type !== 'answer');
    expect(
      simulator.control
        .requests()
        .filter(({ method, path, dataCentre }) => method === 'GET' && path === '/api/v2/me' && dataCentre === which),
    ).toHaveLength(1);
  });

  it.each(refusals)('is refused at once by %s', async (_what, fault, expected) => {
    strike(fault);
    await expect(login()).rejects.toMatchObject(expected);
    expect(session.runner.state()).toEqual({ status: 'signedOut' });
    expect(simulator.control.agents()).toEqual([]);
    const asked = simulator.control.requests().filter(({ method, path }) => method === 'GET' && path === '/api/v2/me');
    expect([...new Set(asked.map(({ dataCentre }) => dataCentre))]).toEqual([which]);
  });

  it('works with every strictness at once', async () => {
    simulator.control.setStrict({ csrf: true, cookies: true, sessionSeconds: 60 });
    await login();
    await expectObedience(which);
  });

  it.each(passing.filter(([what]) => IMPASSABLE[which].test(what)))('does not stay where %s does not pass', async (_what, fault) => {
    strike(fault);
    if (which === 'primary') {
      await login();
      await expectObedience('peer');
    } else {
      await expect(login()).rejects.toMatchObject({ kind: 'unavailable', retryAfterMs: expect.any(Number) as number });
      expect(session.runner.state()).toEqual({ status: 'signedOut' });
    }
  });
});
