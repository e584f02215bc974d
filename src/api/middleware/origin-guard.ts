import cors from 'cors';
import type { Request, RequestHandler } from 'express';
import type { Logger } from '../../lib/logger';
import type { OriginMatcher } from '../../shared/origin-pattern';
import { originRefused } from '../errors';

const REQUEST_HEADERS = ['Authorization', 'Content-Type', 'X-Support-CSRFP', 'X-CSRF-Token'];
/** What RWS lists besides, and what monitoring scripts add to every request of a page: a browser refuses the whole request for one of them. */
const HEADERS_WITHOUT_EFFECT = ['X-Requested-With', 'ssid', 'surl', 'ContactCenterId', 'traceparent', 'tracestate', 'baggage'];
const PREFLIGHT_MAX_AGE_SECONDS = 600;
const MAX_ORIGINS_LOGGED = 50;

export interface OriginGuardDeps {
  readonly isAllowed: OriginMatcher;
  readonly requireOrigin: () => boolean;
  readonly log: Logger;
  /** Called with every request that is refused. */
  readonly onRefused?: (request: Request) => void;
  /** Called with every request that is not. */
  readonly onAdmitted?: (request: Request) => void;
}

/** CORS headers for allowed origins, and the answer to their OPTIONS (200, local-api.md); the header for everybody is `Vary`. */
export function corsHeaders(isAllowed: OriginMatcher): RequestHandler[] {
  const privateNetwork: RequestHandler = (request, response, next) => {
    response.vary('Origin');
    const isAsked = request.headers['access-control-request-private-network'] === 'true';
    if (isAsked && request.method === 'OPTIONS' && isAllowed(request.headers.origin ?? '')) {
      response.set('Access-Control-Allow-Private-Network', 'true');
    }
    next();
  };
  return [
    privateNetwork,
    cors({
      origin: (origin, decide) => decide(null, origin !== undefined && isAllowed(origin)),
      credentials: true,
      methods: ['GET', 'POST', 'OPTIONS'],
      allowedHeaders: [...REQUEST_HEADERS, ...HEADERS_WITHOUT_EFFECT],
      exposedHeaders: ['X-CSRF-HEADER', 'X-CSRF-TOKEN'],
      maxAge: PREFLIGHT_MAX_AGE_SECONDS,
      optionsSuccessStatus: 200,
    }),
  ];
}

/**
 * Refuses every other origin, and a missing one unless native desktops are admitted. A browser that leaves Origin out (image probe,
 * navigation, form of an old kind) still says `Sec-Fetch-Site`, and is no native desktop. The first refusals of an origin are logged,
 * for whoever has to extend `allowedOrigins`; a page in a loop cannot flood the log.
 */
export function createOriginGuard({ isAllowed, requireOrigin, log, onRefused, onAdmitted }: OriginGuardDeps): RequestHandler {
  const logged = new Set<string>();
  const isAdmitted = (request: Request): boolean => {
    const { origin } = request.headers;
    if (origin !== undefined) return isAllowed(origin);
    return !requireOrigin() && request.headers['sec-fetch-site'] === undefined;
  };
  return (request, _response, next) => {
    if (!isAdmitted(request)) {
      onRefused?.(request);
      const origin = (request.headers.origin ?? 'none').slice(0, 200);
      if (!logged.has(origin) && logged.size < MAX_ORIGINS_LOGGED) {
        logged.add(origin);
        log.warn('request of an origin that is not allowed refused', { origin });
      }
      throw originRefused();
    }
    onAdmitted?.(request);
    next();
  };
}
