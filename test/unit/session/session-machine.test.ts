import { AWAY_MS, STABLE_MS } from '../../../src/session/session-effects';
import { stepSession } from '../../../src/session/session-machine';
import {
  NOW,
  around,
  agent,
  error,
  signedOut,
  signingIn,
  resuming,
  connected,
  restoring,
  reopening,
  polledBefore,
  expired,
  timer,
  expectStep,
  type Row,
} from '../../support/session-machine-rows';

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
  { what: 'nor one that is reconnecting', from: restoring(), event: { type: 'loginStarted', userName: 'bob' }, to: restoring() },
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
    from: restoring(),
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
    from: restoring({ hasPolled: true, lastPoll: 7 }),
    event: { type: 'resumed' },
    to: { how: 'restoring' },
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
  it.each(rows)('$what', expectStep);

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
    const cleared = stepSession(restoring({ hasPolled: true, lastPoll: 7 }), { type: 'restored' }, around).effects;
    expect(cleared).not.toContainEqual({ type: 'clearTimer', name: 'poll' });
  });
});
