import type { FailureInfo, Message } from 'cometd';
import { RwsError, toRwsError } from '../../shared/rws-error';

/**
 * What follows a failed handshake or connect:
 * - `retry`: the same again, later
 * - `reestablish`: validate the agent, start the session again, then handshake: the server has forgotten or wants us back
 * - `end`: nothing that can be restored here
 */
export interface FailureVerdict {
  readonly next: 'retry' | 'reestablish' | 'end';
  readonly reason: RwsError;
}

/** Matches the code or the advice, never the text: `402::Unknown client` and `402::session_unknown` are the same (rws.md, *Sequence*). */
export function judgeFailure(message: Message, info: FailureInfo): FailureVerdict {
  if (info.cause === 'negotiation') {
    return { next: 'end', reason: new RwsError({ kind: 'broken', statusMessage: 'RWS does not offer long-polling notifications.' }) };
  }
  const httpError = message.failure?.exception;
  if (message.failure !== undefined) return judgeHttp(toRwsError(httpError, message.failure.reason));
  return judgeBayeux(message, info);
}

function judgeHttp(reason: RwsError): FailureVerdict {
  return { next: reason.kind === 'unauthenticated' || reason.kind === 'refused' ? 'reestablish' : 'retry', reason };
}

function judgeBayeux({ error, advice, channel }: Message, { action }: FailureInfo): FailureVerdict {
  const code = /^(\d{3}):/.exec(error ?? '')?.[1];
  const statusMessage =
    error === undefined ? 'RWS refused a notification request.' : `RWS refused a notification request (${error.slice(0, 100)}).`;
  if (code === '401' || code === '403') {
    const kind = code === '401' ? 'unauthenticated' : 'refused';
    const next = channel === '/meta/handshake' && advice?.reconnect === 'none' ? 'end' : 'reestablish';
    return { next, reason: new RwsError({ kind, statusMessage }) };
  }
  const reason = new RwsError({ kind: 'unavailable', statusMessage });
  if (action === 'none' || advice?.reconnect === 'none') return { next: 'end', reason };
  if (code === '402' || action === 'handshake' || channel === '/meta/handshake') return { next: 'reestablish', reason };
  return { next: 'retry', reason };
}
