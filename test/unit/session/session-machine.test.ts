import { RwsError, type RwsErrorKind } from '../../../src/shared/rws-error';
import { AWAY_MS, STABLE_MS } from '../../../src/session/session-effects';
import { stepSession } from '../../../src/session/session-machine';
import type {
  ConnectedState,
  SessionMachineState,
  ReconnectingState,
  Reopening,
  SessionEvent,
  SessionSurroundings,
} from '../../../src/session/session-states';

const NOW = 1_000_000;
/** `random` 0.5 makes every jittered time exact. */
const around: SessionSurroundings = {
  now: NOW,
  pollTimeoutMs: 60_000,
  failoverAfterMs: 30_000,
  failbackProbeMs: 30_000,
  random: () => 0.5,
};
const agent = { userName: 'ann', devices: [] };

const error = (kind: RwsErrorKind, details: { statusCode?: number; retryAfterMs?: number } = {}): RwsError =>
  new RwsError({ kind, statusMessage: `${kind}!`, ...details });

const signedOut: SessionMachineState = { status: 'signedOut' };
const signingIn: SessionMachineState = { status: 'signingIn', userName: 'ann', hasPeer: false };
const resuming = (reopening: Partial<Reopening> = {}, hasPeer = false): Extract<SessionMachineState, { status: 'signingIn' }> => ({
  status: 'signingIn',
  userName: 'ann',
  hasPeer,
  reopening: { phase: 'opening', which: 'primary', attempt: 0, isPeerRefused: false, mayMove: true, ...reopening },
});
const connected = (extra: Partial<ConnectedState> = {}): ConnectedState => ({
  status: 'connected',
  agent,
  which: 'primary',
  hasPeer: true,
  attempt: 0,
  hasPolled: false,
  since: 1,
  lastContact: 1,
  ...extra,
});
const mending = (extra: Partial<ReconnectingState> = {}): ReconnectingState => ({
  status: 'reconnecting',
  agent,
  which: 'primary',
  hasPeer: true,
  attempt: 0,
  hasPolled: false,
  since: 1,
  reason: 'unavailable!',
  how: 'mending',
  ...extra,
});
const reopening = (how: Partial<Reopening>, extra: Partial<ReconnectingState> = {}): ReconnectingState =>
  mending({ how: { phase: 'opening', which: 'primary', attempt: 0, isPeerRefused: false, mayMove: true, ...how }, ...extra });
const polledBefore: SessionMachineState = { ...resuming(), hasPolled: true };
const expired: SessionMachineState = { status: 'expired', agent, since: 1 };
const timer = (name: Extract<SessionEvent, { type: 'timer' }>['name']): SessionEvent => ({ type: 'timer', name });

interface Row {
  readonly what: string;
  readonly from: SessionMachineState;
  readonly event: SessionEvent;
  readonly to: object;
  /** Effects as `type`, `type:detail`; timers that are cleared are left out. */
  readonly effects?: readonly string[];
}

const rows: readonly Row[] = [
  {
    what: 'a login starts',
    from: signedOut,
    event: { type: 'loginStarted', userName: 'ann' },
    to: { status: 'signingIn', userName: 'ann' },
    effects: ['cancelOpen'],
  },
  {
    what: 'a login starts after an expiry',
    from: expired,
    event: { type: 'loginStarted', userName: 'ann' },
    to: { status: 'signingIn' },
    effects: ['cancelOpen'],
  },
  {
    what: 'a login takes a resume over',
    from: resuming(),
    event: { type: 'loginStarted', userName: 'bob' },
    to: { status: 'signingIn', userName: 'bob' },
    effects: ['cancelOpen'],
  },
  {
    what: 'a login does not touch the session that is open',
    from: connected(),
    event: { type: 'loginStarted', userName: 'bob' },
    to: connected(),
  },
  { what: 'nor one that is reconnecting', from: mending(), event: { type: 'loginStarted', userName: 'bob' }, to: mending() },
  { what: 'a login failed', from: signingIn, event: { type: 'loginFailed' }, to: signedOut },
  { what: 'a login failed while another session is open', from: connected(), event: { type: 'loginFailed' }, to: connected() },
  {
    what: 'the next agent’s credentials hold',
    from: connected(),
    event: { type: 'switching', userName: 'bob' },
    to: { status: 'signingIn', userName: 'bob' },
    effects: ['cancelOpen', 'tellBack'],
  },
  {
    what: 'a session opened',
    from: signingIn,
    event: { type: 'opened', agent, which: 'primary', hasPeer: false },
    to: { status: 'connected', since: NOW, lastContact: NOW, attempt: 0 },
    effects: ['tellBack', `setTimer:stable:${STABLE_MS}`],
  },
  {
    what: 'a session opened on the peer: looks for the primary',
    from: signingIn,
    event: { type: 'opened', agent, which: 'peer', hasPeer: true },
    to: { status: 'connected', which: 'peer' },
    effects: ['tellBack', `setTimer:stable:${STABLE_MS}`, 'setTimer:failback:30000'],
  },
  {
    what: 'a stored session is resumed',
    from: signedOut,
    event: { type: 'storedSessionFound', userName: 'ann', hasPeer: true, hasPolled: false },
    to: resuming({}, true),
    effects: ['open:primary', `setTimer:away:${AWAY_MS}`],
  },
  {
    what: 'a stored session whose desktop polled is resumed',
    from: signedOut,
    event: { type: 'storedSessionFound', userName: 'ann', hasPeer: true, hasPolled: true },
    to: { ...resuming({}, true), hasPolled: true },
    effects: ['open:primary', `setTimer:away:${AWAY_MS}`, 'setTimer:poll:60000'],
  },
  {
    what: 'it is open again, and its desktop still silent',
    from: polledBefore,
    event: { type: 'reopened', agent, which: 'primary' },
    to: { status: 'connected', hasPolled: true },
    effects: ['tellBack', `setTimer:stable:${STABLE_MS}`],
  },
  {
    what: 'its desktop stayed silent while RWS was away',
    from: polledBefore,
    event: timer('poll'),
    to: { status: 'expired', agent, since: NOW },
    effects: ['cancelOpen', 'tellBack', 'expire'],
  },
  { what: 'sleep stops its polling timer', from: polledBefore, event: { type: 'suspended' }, to: polledBefore },
  {
    what: 'wake begins its polling timer anew',
    from: polledBefore,
    event: { type: 'resumed' },
    to: polledBefore,
    effects: ['setTimer:poll:60000', 'open:primary'],
  },
  {
    what: 'a stored session comes too late',
    from: signingIn,
    event: { type: 'storedSessionFound', userName: 'old', hasPeer: false, hasPolled: true },
    to: signingIn,
  },

  { what: 'contact', from: connected(), event: { type: 'contact' }, to: { lastContact: NOW } },
  {
    what: 'the first poll of the desktop',
    from: connected(),
    event: { type: 'polled' },
    to: { hasPolled: true, lastPoll: NOW },
    effects: ['setTimer:poll:60000', 'keepPolling'],
  },
  {
    what: 'a poll of the desktop',
    from: connected({ hasPolled: true, lastPoll: 7 }),
    event: { type: 'polled' },
    to: { lastPoll: NOW },
    effects: ['setTimer:poll:60000'],
  },
  {
    what: 'a poll of the desktop during an outage',
    from: mending(),
    event: { type: 'polled' },
    to: { status: 'reconnecting', lastPoll: NOW },
    effects: ['setTimer:poll:60000', 'keepPolling'],
  },
  { what: 'a poll of the desktop after expiry', from: expired, event: { type: 'polled' }, to: expired },
  {
    what: 'the desktop stopped polling',
    from: connected(),
    event: timer('poll'),
    to: { status: 'expired', since: NOW },
    effects: ['cancelOpen', 'tellBack', 'expire'],
  },
  {
    what: 'the desktop stopped polling during an outage',
    from: reopening({}),
    event: timer('poll'),
    to: { status: 'expired' },
    effects: ['cancelOpen', 'tellBack', 'expire'],
  },
  { what: 'the session has lasted', from: connected({ attempt: 5 }), event: timer('stable'), to: { attempt: 0 } },

  {
    what: 'an outage with a peer',
    from: connected(),
    event: { type: 'interrupted', error: error('unavailable') },
    to: { status: 'reconnecting', how: 'mending', reason: 'unavailable!', since: NOW },
    effects: [`setTimer:away:${AWAY_MS}`, 'setTimer:failover:37500'],
  },
  {
    what: 'an outage without a peer',
    from: connected({ hasPeer: false }),
    event: { type: 'interrupted', error: error('unavailable') },
    to: { status: 'reconnecting', how: 'mending' },
    effects: [`setTimer:away:${AWAY_MS}`],
  },
  { what: 'an outage goes on', from: mending(), event: timer('away'), to: mending(), effects: ['tellAway'] },
  {
    what: 'an outage ends',
    from: mending({ hasPolled: true, lastPoll: 7 }),
    event: { type: 'restored' },
    to: { status: 'connected', lastPoll: 7, since: NOW },
    effects: ['tellBack', `setTimer:stable:${STABLE_MS}`],
  },
  { what: 'restored comes too late', from: reopening({}), event: { type: 'restored' }, to: { status: 'reconnecting' } },
  {
    what: 'failover to the peer',
    from: mending(),
    event: timer('failover'),
    to: { how: { phase: 'opening', which: 'peer', attempt: 0 } },
    effects: ['dropSession', 'open:peer'],
  },
  {
    what: 'failover from the peer',
    from: mending({ which: 'peer' }),
    event: timer('failover'),
    to: { how: { phase: 'opening', which: 'primary' } },
    effects: ['dropSession', 'open:primary'],
  },
  { what: 'failover is due but a new session is being opened already', from: reopening({}), event: timer('failover'), to: reopening({}) },

  {
    what: 'the session is gone',
    from: connected(),
    event: { type: 'ended', error: error('unavailable') },
    to: { status: 'reconnecting', how: { phase: 'waiting', which: 'primary', attempt: 1 } },
    effects: ['dropSession', `setTimer:away:${AWAY_MS}`, 'setTimer:failover:37500', 'setTimer:retry:500'],
  },
  {
    what: 'it keeps going: longer waits',
    from: connected({ attempt: 3 }),
    event: { type: 'ended', error: error('unavailable') },
    to: { how: { attempt: 4 } },
    effects: ['dropSession', `setTimer:away:${AWAY_MS}`, 'setTimer:failover:37500', 'setTimer:retry:4000'],
  },
  {
    what: 'it is gone during an outage',
    from: mending(),
    event: { type: 'ended', error: error('unavailable') },
    to: { how: { phase: 'waiting', which: 'primary' } },
    effects: ['dropSession', 'setTimer:retry:500'],
  },
  {
    what: 'the primary refuses the agent',
    from: connected(),
    event: { type: 'ended', error: error('unauthenticated') },
    to: signedOut,
    effects: ['dropSession', `setTimer:away:${AWAY_MS}`, 'setTimer:failover:37500', 'giveUp'],
  },
  {
    what: 'the peer refuses the agent: the primary is asked',
    from: connected({ which: 'peer' }),
    event: { type: 'ended', error: error('unauthenticated') },
    to: { how: { which: 'primary', isPeerRefused: true } },
    effects: ['dropSession', `setTimer:away:${AWAY_MS}`, 'setTimer:failover:37500', 'setTimer:retry:500'],
  },

  {
    what: 'the session is gone and the server stays away: no other one before its time',
    from: reopening({ mayMove: false }),
    event: { type: 'reopenFailed', error: error('unavailable') },
    to: { how: { which: 'primary', attempt: 1 } },
    effects: ['setTimer:retry:500'],
  },
  {
    what: 'then it is',
    from: reopening({ mayMove: false, phase: 'waiting', attempt: 4 }),
    event: timer('failover'),
    to: { how: { which: 'peer', phase: 'opening', attempt: 0, mayMove: true } },
    effects: ['open:peer'],
  },
  {
    what: 'the back-off is over',
    from: reopening({ phase: 'waiting', which: 'peer', attempt: 2 }),
    event: timer('retry'),
    to: { how: { phase: 'opening', which: 'peer', attempt: 2 } },
    effects: ['open:peer'],
  },
  {
    what: 'reopened',
    from: reopening({ which: 'peer', attempt: 2 }, { attempt: 2 }),
    event: { type: 'reopened', agent, which: 'peer' },
    to: { status: 'connected', which: 'peer', attempt: 2 },
    effects: ['tellBack', `setTimer:stable:${STABLE_MS}`, 'setTimer:failback:30000'],
  },
  {
    what: 'resumed after a restart',
    from: resuming({ attempt: 1 }),
    event: { type: 'reopened', agent, which: 'primary' },
    to: { status: 'connected' },
    effects: ['tellBack', `setTimer:stable:${STABLE_MS}`],
  },
  { what: 'reopened too late', from: signedOut, event: { type: 'reopened', agent, which: 'primary' }, to: signedOut },
  {
    what: 'not reopened: the peer next',
    from: reopening({}),
    event: { type: 'reopenFailed', error: error('unavailable') },
    to: { how: { phase: 'waiting', which: 'peer', attempt: 1 } },
    effects: ['setTimer:retry:500'],
  },
  {
    what: 'not reopened on the peer: the primary next',
    from: reopening({ which: 'peer', attempt: 1 }),
    event: { type: 'reopenFailed', error: error('broken') },
    to: { how: { which: 'primary', attempt: 2 } },
    effects: ['setTimer:retry:1000'],
  },
  {
    what: 'not reopened, no peer',
    from: reopening({}, { hasPeer: false }),
    event: { type: 'reopenFailed', error: error('tls') },
    to: { how: { which: 'primary', attempt: 1 } },
    effects: ['setTimer:retry:500'],
  },
  {
    what: 'the wait never grows beyond half a minute',
    from: reopening({ attempt: 20 }),
    event: { type: 'reopenFailed', error: error('unavailable') },
    to: { how: { attempt: 21 } },
    effects: ['setTimer:retry:15000'],
  },
  {
    what: 'Retry-After comes on top',
    from: reopening({}),
    event: { type: 'reopenFailed', error: error('unavailable', { retryAfterMs: 9000 }) },
    to: {},
    effects: ['setTimer:retry:9500'],
  },
  {
    what: 'not reopened: refused by the primary',
    from: reopening({}),
    event: { type: 'reopenFailed', error: error('refused', { statusCode: 5 }) },
    to: signedOut,
    effects: ['giveUp'],
  },
  {
    what: 'a bare 404 is a server still starting',
    from: reopening({}),
    event: { type: 'reopenFailed', error: error('refused') },
    to: { status: 'reconnecting' },
    effects: ['setTimer:retry:500'],
  },
  {
    what: 'refused by the peer: only the primary from now on',
    from: reopening({ which: 'peer' }),
    event: { type: 'reopenFailed', error: error('unauthenticated') },
    to: { how: { which: 'primary', isPeerRefused: true } },
    effects: ['setTimer:retry:500'],
  },
  {
    what: 'and stays so',
    from: reopening({ isPeerRefused: true }),
    event: { type: 'reopenFailed', error: error('unavailable') },
    to: { how: { which: 'primary' } },
    effects: ['setTimer:retry:500'],
  },
  {
    what: 'a resume is refused',
    from: resuming(),
    event: { type: 'reopenFailed', error: error('unauthenticated') },
    to: signedOut,
    effects: ['giveUp'],
  },
  {
    what: 'a resume finds nobody',
    from: resuming({}, true),
    event: { type: 'reopenFailed', error: error('unavailable') },
    to: { status: 'signingIn', reopening: { phase: 'waiting', which: 'peer' } },
    effects: ['setTimer:retry:500'],
  },
  {
    what: 'a resume goes on',
    from: resuming({ phase: 'waiting', attempt: 1 }),
    event: timer('retry'),
    to: { reopening: { phase: 'opening' } },
    effects: ['open:primary'],
  },
  {
    what: 'a resume takes long',
    from: resuming({ phase: 'waiting' }),
    event: timer('away'),
    to: { status: 'signingIn' },
    effects: ['tellAway'],
  },

  {
    what: 'time to look for the primary',
    from: connected({ which: 'peer' }),
    event: timer('failback'),
    to: { status: 'connected' },
    effects: ['probePrimary'],
  },
  {
    what: 'the primary is back',
    from: connected({ which: 'peer' }),
    event: { type: 'primaryProbed', isReachable: true, isRecording: false },
    to: { which: 'peer' },
    effects: ['returnToPrimary'],
  },
  {
    what: 'the primary is back during a recording',
    from: connected({ which: 'peer' }),
    event: { type: 'primaryProbed', isReachable: true, isRecording: true },
    to: { which: 'peer' },
    effects: ['setTimer:failback:30000'],
  },
  {
    what: 'the primary is not back',
    from: connected({ which: 'peer' }),
    event: { type: 'primaryProbed', isReachable: false, isRecording: false },
    to: { which: 'peer' },
    effects: ['setTimer:failback:30000'],
  },
  {
    what: 'the return failed, the peer’s session is kept',
    from: connected({ which: 'peer' }),
    event: { type: 'reopenFailed', error: error('unauthenticated') },
    to: { status: 'connected', which: 'peer' },
    effects: ['setTimer:failback:30000'],
  },
  {
    what: 'returned',
    from: connected({ which: 'peer', hasPolled: true, lastPoll: 7 }),
    event: { type: 'reopened', agent, which: 'primary' },
    to: { which: 'primary', hasPolled: true, lastPoll: 7 },
    effects: ['tellBack', `setTimer:stable:${STABLE_MS}`],
  },

  {
    what: 'sleep stops the polling timer',
    from: connected({ hasPolled: true, lastPoll: 7 }),
    event: { type: 'suspended' },
    to: { status: 'connected' },
  },
  {
    what: 'wake restarts it and connects at once',
    from: connected({ hasPolled: true, lastPoll: 7 }),
    event: { type: 'resumed' },
    to: { status: 'connected' },
    effects: ['reconnectNow', 'setTimer:poll:60000'],
  },
  { what: 'wake without polls', from: connected(), event: { type: 'resumed' }, to: { status: 'connected' }, effects: ['reconnectNow'] },
  {
    what: 'wake during an outage',
    from: mending({ hasPolled: true, lastPoll: 7 }),
    event: { type: 'resumed' },
    to: { how: 'mending' },
    effects: ['setTimer:poll:60000', 'setTimer:failover:37500', 'reconnectNow'],
  },
  {
    what: 'wake during a back-off',
    from: reopening({ phase: 'waiting', attempt: 6 }),
    event: { type: 'resumed' },
    to: { how: { phase: 'opening', attempt: 0 } },
    effects: ['open:primary'],
  },
  {
    what: 'another network',
    from: connected({ hasPolled: true, lastPoll: 7 }),
    event: { type: 'networkChanged' },
    to: { status: 'connected' },
    effects: ['reconnectNow'],
  },
  {
    what: 'another network during a resume',
    from: resuming({ phase: 'waiting', attempt: 6 }),
    event: { type: 'networkChanged' },
    to: { reopening: { phase: 'opening', attempt: 0 } },
    effects: ['open:primary'],
  },
  { what: 'another network while nobody is signed in', from: signedOut, event: { type: 'networkChanged' }, to: signedOut },

  {
    what: 'logout',
    from: connected(),
    event: { type: 'logoutStarted' },
    to: { status: 'signingOut', agent },
    effects: ['cancelOpen', 'tellBack'],
  },
  {
    what: 'logout during an outage',
    from: reopening({}),
    event: { type: 'logoutStarted' },
    to: { status: 'signingOut' },
    effects: ['cancelOpen', 'tellBack'],
  },
  { what: 'signed out', from: { status: 'signingOut', agent }, event: { type: 'signedOut' }, to: signedOut },
  {
    what: 'events of a session that is on its way out',
    from: { status: 'signingOut', agent },
    event: { type: 'interrupted', error: error('unavailable') },
    to: { status: 'signingOut' },
  },
];

describe('the session machine', () => {
  it.each(rows)('$what', ({ from, event, to, effects = [] }) => {
    const step = stepSession(from, event, around);
    expect(step.state).toMatchObject(to);
    expect(step.effects.filter(({ type }) => type !== 'clearTimer').map(describeEffect)).toEqual(effects);
  });

  it('clears every timer when the session is over', () => {
    for (const event of [{ type: 'logoutStarted' }, timer('poll')] as const) {
      const cleared = stepSession(connected(), event, around).effects.filter(({ type }) => type === 'clearTimer');
      expect(cleared.map((effect) => 'name' in effect && effect.name).sort()).toEqual([
        'away',
        'failback',
        'failover',
        'poll',
        'retry',
        'stable',
      ]);
    }
  });

  it('keeps the polling timer of a resumed session when it opens', () => {
    const { effects } = stepSession(polledBefore, { type: 'reopened', agent, which: 'primary' }, around);
    expect(effects).not.toContainEqual({ type: 'clearTimer', name: 'poll' });
  });

  it('keeps the polling timer over a reconnection', () => {
    const cleared = stepSession(mending({ hasPolled: true, lastPoll: 7 }), { type: 'restored' }, around).effects;
    expect(cleared).not.toContainEqual({ type: 'clearTimer', name: 'poll' });
  });
});

function describeEffect(effect: ReturnType<typeof stepSession>['effects'][number]): string {
  if (effect.type === 'setTimer') return `setTimer:${effect.name}:${effect.ms}`;
  return effect.type === 'open' ? `open:${effect.which}` : effect.type;
}
