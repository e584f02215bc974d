import type { SecureContext } from 'node:tls';
import * as z from 'zod';
import type { RwsConfiguration } from '../config/schema';
import type { Random } from '../lib/backoff';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import type { SystemProxy } from '../lib/system-proxy';
import type { RwsGateway, RwsLogin, RwsUser } from './ports';
import type { RecordingCommand } from '../shared/recording';
import { RwsError } from '../shared/rws-error';
import { isSameUserName } from '../shared/same-name';
import { canonicalServer, isSamePair, type ServerPair } from '../shared/server-pair';
import { AxiosRwsHttp } from './http/axios-rws-http';
import { CallRecordings } from './triggers/call-recordings';
import { installCometdEnvironment } from './notifications/cometd-environment';
import { Connections } from './http/connections';
import { exchange } from './http/exchange';
import { createProtocol } from './protocol';
import { ProxyFinder } from './http/proxy-finder';
import { parseRecordingCommand } from './triggers/recording-commands';
import { RefusedCredentials } from './http/refused-credentials';
import { openRwsSession } from './rws-session';
import { createTrust } from './http/trust';
import { omitUndefined } from '../shared/omit-undefined';

export interface RwsGatewayDeps {
  readonly config: RwsConfiguration;
  readonly trigger: 'command' | 'callRecording';
  /** As `GET /version` gives it; goes into state reports. */
  readonly clientVersion: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Absent: only the configuration and the environment name a proxy. */
  readonly systemProxy?: SystemProxy | undefined;
}

const optionalText = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(undefined);
const meSchema = z.object({
  user: z.object({
    id: optionalText,
    userName: z.string().min(1),
    firstName: optionalText,
    lastName: optionalText,
    contactCenterId: optionalText,
  }),
});

/** The way to RWS over HTTP and CometD. Nothing is opened before the first call. */
export function createRwsGateway(deps: RwsGatewayDeps): RwsGateway {
  const { config, clock, random, log, clientVersion } = deps;
  installCometdEnvironment();
  const protocol = createProtocol(config);
  const timeoutMs = config.timeoutSeconds * 1000;
  const userAgent = `ScreenRecordingService/${clientVersion}`;
  const calls = new RecentCalls();
  const refused = new RefusedCredentials(clock);
  const proxies = new ProxyFinder({ configured: config.proxy, system: deps.systemProxy, steady: () => clock.steady() });
  let told: string | undefined;
  let trust: Promise<SecureContext> | undefined;

  const connect = async (server: string): Promise<Connections> => {
    trust ??= createTrust({ caFile: config.ca, onLeftOut: (what) => log.warn('certificates are left out', { what }) });
    trust.catch(() => (trust = undefined)); // a CA file that is put right is read at the next try
    return new Connections({ server, trust: await trust, connectTimeoutMs: timeoutMs, findProxy: () => findProxy(server) });
  };

  const findProxy = async (server: string): Promise<string | undefined> => {
    const { proxy, fault, isUnusable } = await proxies.find(server);
    if (isUnusable === true) throw new RwsError({ kind: 'unavailable', statusMessage: fault ?? '' });
    if (fault !== undefined && fault !== told) log.warn('the proxy of the system is not known', { reason: fault });
    told = fault;
    return proxy;
  };

  const toCommands = (userName: string, servers: ServerPair): ((data: unknown) => RecordingCommand | undefined) => {
    if (deps.trigger === 'command') return (data) => parseRecordingCommand(data, protocol);
    const tracked = calls.of(userName, servers);
    return (data) => tracked.next(data);
  };

  return {
    forgiveRefusals: (credentials) => (credentials === undefined ? refused.forgive() : refused.of(credentials).forgive()),
    signIn: async (address, credentials, signal, servers) => {
      const server = canonicalServer(address);
      const connections = await connect(server);
      const mePath = protocol.paths.me;
      const http = new AxiosRwsHttp({
        server,
        credentials,
        mePath,
        timeoutMs,
        userAgent,
        connections,
        clock,
        tries: refused.of(credentials),
      });
      try {
        const user = parseUser((await http.request({ method: 'GET', path: mePath }, signal)).body, server);
        return createLogin(http, user, servers ?? { primary: server });
      } catch (error) {
        http.close();
        throw error;
      }
    },
    isReachable: async (address, signal) => {
      const server = canonicalServer(address);
      const connections = await connect(server);
      try {
        const headers = { Accept: 'application/json', 'User-Agent': userAgent };
        const limits = { idleTimeoutMs: timeoutMs, totalTimeoutMs: timeoutMs };
        const request = { method: 'GET', server, path: protocol.paths.version, headers, ...limits };
        const { status } = await exchange(request, { connections, clock }, signal);
        return status >= 200 && status < 300;
      } catch (error) {
        log.debug('RWS did not answer the probe', { server, error });
        return false;
      } finally {
        connections.destroy();
      }
    },
  };

  function createLogin(http: AxiosRwsHttp, user: RwsUser, servers: ServerPair): RwsLogin {
    const reports = { areTaken: true };
    return {
      user,
      http,
      openSession: (details, listener, signal) => {
        const toCommand = toCommands(user.userName, servers);
        const context = { http, user, protocol, clientVersion, timeoutMs, clock, random, log, reports, toCommand };
        return openRwsSession(context, { details, listener, signal });
      },
      discard: () => http.close(),
    };
  }
}

/** The calls of the agent who is signed in, kept while sessions come and go. */
class RecentCalls {
  #agent: { readonly userName: string; readonly servers: ServerPair } | undefined;
  #calls = new CallRecordings();

  /** A name means another agent at another pair of servers, and a call's number another call. */
  of(userName: string, servers: ServerPair): CallRecordings {
    const before = this.#agent;
    const isSame = before !== undefined && isSameUserName(before.userName, userName) && isSamePair(before.servers, servers);
    if (!isSame) this.#calls = new CallRecordings();
    this.#agent = { userName, servers };
    return this.#calls;
  }
}

function parseUser(body: unknown, server: string): RwsUser {
  const parsed = meSchema.safeParse(body);
  if (!parsed.success) {
    const { host } = new URL(server);
    throw new RwsError({
      kind: 'broken',
      statusMessage: `${host} answered the login with something that is not RWS: is the address right?`,
    });
  }
  const { id, userName, firstName, lastName, contactCenterId } = parsed.data.user;
  return {
    userName,
    ...omitUndefined({
      id: id ?? undefined,
      firstName: firstName ?? undefined,
      lastName: lastName ?? undefined,
      contactCenterId: contactCenterId ?? undefined,
    }),
  };
}
