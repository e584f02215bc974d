import type { FailureInfo, Message } from 'cometd';
import { judgeFailure } from '../../../../src/rws/notifications/failure-rules';
import { RwsError, type RwsErrorKind } from '../../../../src/shared/rws-error';

const http = (kind: RwsErrorKind): Partial<Message> => ({ failure: { exception: new RwsError({ kind, statusMessage: kind }) } });
const info = (extra: Partial<FailureInfo> = {}): FailureInfo => ({ cause: 'unsuccessful', action: 'retry', transport: null, ...extra });

describe('what follows a failed handshake or connect', () => {
  it.each<readonly [string, Partial<Message>, Partial<FailureInfo>, string, RwsErrorKind]>([
    ['a lost connection', http('unavailable'), {}, 'retry', 'unavailable'],
    ['HTML', http('broken'), {}, 'retry', 'broken'],
    ['a certificate', http('tls'), {}, 'retry', 'tls'],
    ['HTTP 401', http('unauthenticated'), {}, 'reestablish', 'unauthenticated'],
    ['HTTP 403', http('refused'), {}, 'reestablish', 'refused'],
    ['a request cut by ourselves', { failure: { reason: 'abort' } }, {}, 'retry', 'unavailable'],
    [
      '402 with advice',
      { error: '402::Unknown client', advice: { reconnect: 'handshake' } },
      { action: 'handshake' },
      'reestablish',
      'unavailable',
    ],
    ['402 in other words', { error: '402::session_unknown' }, {}, 'reestablish', 'unavailable'],
    ['advice handshake without a code', { advice: { reconnect: 'handshake' } }, { action: 'handshake' }, 'reestablish', 'unavailable'],
    ['advice none', { error: '408::enough', advice: { reconnect: 'none' } }, { action: 'none' }, 'end', 'unavailable'],
    ['401 as faye names an unknown client', { error: '401:x:Unknown client' }, { action: 'handshake' }, 'reestablish', 'unauthenticated'],
    [
      'a handshake that is refused for good',
      { channel: '/meta/handshake', error: '403::denied', advice: { reconnect: 'none' } },
      { action: 'none' },
      'end',
      'refused',
    ],
    ['an unsuccessful answer without a reason', {}, {}, 'retry', 'unavailable'],
    ['no long-polling', {}, { cause: 'negotiation', action: 'none' }, 'end', 'broken'],
  ])('%s', (_what, message, failure, next, kind) => {
    expect(judgeFailure({ channel: '/meta/connect', ...message }, info(failure))).toMatchObject({ next, reason: { kind } });
  });
});
