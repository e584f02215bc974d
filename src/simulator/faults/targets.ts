import type { Request } from 'express';
import type { FaultTarget } from './fault';

const BY_PATH: readonly (readonly [RegExp, FaultTarget])[] = [
  [/^\/api\/v2\/me\/?$/, 'me'],
  [/^\/api\/v2\/me\/screen-recordings\//, 'report'],
  [/^\/api\/v2\/diagnostics\/version\/?$/, 'version'],
  [/^\/api\/v2\/notifications(\/|$)/, 'notifications'],
  [/^\/internal-api\/contact-centers\/[^/]+\/screen-recordings\/uploads(\/|$)/, 'resumable'],
  [/^\/internal-api\/contact-centers\/[^/]+\/screen-recordings\/[^/]+\/content\//, 'upload'],
];

/** What a request is for, as far as its path says. */
export function targetsOf(request: Request): readonly FaultTarget[] {
  const target = BY_PATH.find(([pattern]) => pattern.test(request.path))?.[1];
  if (target === undefined) return [];
  if (target !== 'notifications') return [target];
  // A cometd client names the kind of message in the path; `subscribe` goes to the bare path.
  const kind = /\/(handshake|connect)\/?$/.exec(request.path)?.[1] as 'handshake' | 'connect' | undefined;
  return [target, kind ?? 'subscribe'];
}
