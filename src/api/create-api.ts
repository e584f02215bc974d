import express, { type Express } from 'express';
import { createOriginMatcher, type OriginMatcher } from '../shared/origin-pattern';
import { CredentialsCheck } from './login/credentials-check';
import { LocalSessionStore } from './login/local-session';
import { answerHeaders } from './middleware/answer-headers';
import { createErrorAnswer, notFound } from './middleware/error-answer';
import { hostCheck } from './middleware/host-check';
import { byMethod, onlyFor, plainOptions } from './middleware/methods';
import { createOwnerGuard } from './middleware/owner-guard';
import { corsHeaders, createOriginGuard } from './middleware/origin-guard';
import { RefusedOrigins } from './middleware/refused-origins';
import type { ApiDeps, ApiSettings } from './ports';
import { createLogin } from './routes/login';
import { createLogout } from './routes/logout';
import { createMe } from './routes/me';
import { createPing } from './routes/ping';
import { createMetricsRoute } from './routes/metrics';
import { createRetryUploads } from './routes/retry-uploads';
import { createStatus } from './routes/status';
import { createVersion } from './routes/version';

/**
 * THREAT MODEL. Every page the agent opens can send requests to 127.0.0.1, with the agent's own browser, and other programs of the host can
 * too, those of other users included. What they may want: to sign in or out in the agent's place, to stop or start a recording, to have the
 * password sent to a server of their own, to guess it, to learn who is signed in, to lock the account or the agent out, to crash or hang the
 * service. What stands against it, in this order:
 *
 *  1. answer headers   nothing is cached, sniffed, framed or embedded
 *  2. Host             another name that was pointed at 127.0.0.1 (DNS rebinding) gets 421, on every path
 *  3. CORS             headers for allowed origins only; answers their OPTIONS
 *  4. Origin           foreign, `null` and missing origins get 403 before anything else is looked at, so every foreign caller sees the
 *                      same answer whatever it sends and whoever is signed in; no simple request, form, image or no-cors fetch gets by
 *  5. the user         a caller that runs as another user of this computer gets 403: loopback belongs to all of them. An administrator may
 *                      bring the status token, which lies in a file that only the agent and administrators can read, and do nothing else.
 *                      Of whom it cannot be told, `otherUsers` decides
 *  6. method           405
 *  7. credentials      their form, before a body is read; then the body, 64 KiB at most
 *  8. the route        Basic or cookie of the signed-in agent, in constant time; the CSRF token where the login asked for it;
 *                      the login's servers, which the service's own gate judges; one limit for refused credentials, whoever refused them
 *
 * `/version` tells its caller nothing about the agent and is open; `/status` tells all of it, `/metrics` figures without names, and
 * `/uploads/retry` acts on it: they ask for a token from a file only the agent's own account can read, and have no CORS headers, so that no page's request with it passes.
 * Slow, many and malformed connections are the server's business: see api-server.ts.
 * Not defended against: a program that runs as the agent, which can read the same files and keychain.
 */
export function createApi(deps: ApiDeps): Express {
  const { service, settings, log } = deps;
  const servers = configuredServers(settings);
  const isOriginAllowed = matcherInForce(settings, servers);
  const localSessions = new LocalSessionStore();
  const check = new CredentialsCheck({ service, localSessions, clock: deps.clock, log });
  const login = createLogin({ service, check, localSessions, log });
  const logout = createLogout({ service, check, localSessions });
  const refusedOrigins = new RefusedOrigins(deps.problems);
  const originGuard = createOriginGuard({
    isAllowed: isOriginAllowed,
    requireOrigin: () => settings.requireOrigin,
    log,
    onRefused: (request) => refusedOrigins.note(request),
    onAdmitted: (request) => refusedOrigins.admitted(request),
  });
  /** A local tool sends no Origin; what a page sends is held to the rules, and no page gets CORS headers. */
  const localGuard = createOriginGuard({ isAllowed: isOriginAllowed, requireOrigin: () => false, log });
  const ownUser = createOwnerGuard({ callers: deps.callers, untold: deps.untold, log, admitsAdministrators: false });
  const userOrAdministrator = createOwnerGuard({ callers: deps.callers, untold: deps.untold, log, admitsAdministrators: true });
  const cors = corsHeaders(isOriginAllowed);
  const version = createVersion(deps.version);

  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').set('query parser', false);
  app.use(answerHeaders, hostCheck);
  app.all('/api/v2/me', cors, originGuard, ownUser, byMethod({ ...createMe(login, logout), OPTIONS: plainOptions }));
  app.all('/ping', cors, originGuard, ownUser, byMethod({ GET: createPing({ service, check }), OPTIONS: plainOptions }));
  app.all('/version', cors, onlyFor('OPTIONS', originGuard), ownUser, byMethod({ GET: version, HEAD: version, OPTIONS: plainOptions }));
  app.all('/status', userOrAdministrator, byMethod({ GET: createStatus(service, deps.statusToken) }));
  if (deps.metrics !== undefined) {
    app.all('/metrics', userOrAdministrator, byMethod({ GET: createMetricsRoute(deps.metrics, deps.statusToken) }));
  }
  app.all('/uploads/retry', localGuard, userOrAdministrator, byMethod({ POST: createRetryUploads(service, deps.statusToken) }));
  app.use(notFound, createErrorAnswer(log));
  return app;
}

/** `allowedOrigins` may change while the service runs: the next request is judged by what it is then. */
function matcherInForce(settings: ApiSettings, servers: readonly string[]): OriginMatcher {
  let entries = settings.allowedOrigins;
  let matches = createOriginMatcher(entries, servers);
  return (origin) => {
    if (settings.allowedOrigins !== entries) {
      entries = settings.allowedOrigins;
      matches = createOriginMatcher(entries, servers);
    }
    return matches(origin);
  };
}

function configuredServers({ server, peer_server: peer }: ApiSettings): string[] {
  return [server, peer].filter((address) => address !== undefined);
}
