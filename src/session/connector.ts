import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { describeError } from '../shared/errors';
import type { ServerPair } from '../shared/server-pair';
import type { DataCentre } from '../shared/snapshot';
import type { Identity } from './identity';
import type { RwsGateway, RwsLogin, RwsSession, RwsSessionListener } from '../rws/ports';
import type { ReportSink } from './report-queue';
import type { ServerGate } from './server-gate';
import { SessionChannel } from './session-channel';
import { withinTime } from './within-time';

/** A login with the session opened on it. */
export interface Connection {
  readonly login: RwsLogin;
  readonly session: RwsSession;
  readonly channel: SessionChannel;
  readonly which: DataCentre;
  readonly servers: ServerPair;
}

/** Of one step; without `ms` it has the configured time. */
export interface StepLimit {
  readonly ms?: number;
  readonly parent: AbortSignal;
}

interface ConnectorDeps {
  readonly gateway: RwsGateway;
  readonly gate: ServerGate;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timeoutMs: number;
  readonly listener: RwsSessionListener;
}

/** local-api.md, *Logout*: RWS has this long to take the goodbye. */
const END_DEADLINE_MS = 5000;
/** Start, handshake, subscription and first poll: each has the configured time. */
const OPEN_STEPS = 4;

/** Opens and ends sessions at RWS, each step with its deadline. */
export class Connector {
  readonly #deps: ConnectorDeps;

  constructor(deps: ConnectorDeps) {
    this.#deps = deps;
  }

  /** Step 1, at that server alone. Whoever asked discards the login. */
  signIn(identity: Identity, which: DataCentre, { ms = this.#deps.timeoutMs, parent }: StepLimit): Promise<RwsLogin> {
    const { clock, gateway, gate } = this.#deps;
    const server = serverOf(identity, which);
    return withinTime(clock, { ms, what: 'Signing in to RWS', parent }, async (signal) => {
      gate.demand(server);
      return gateway.signIn(server, identity.credentials, signal, identity.servers);
    });
  }

  toReportSink({ login, session, servers }: Connection): ReportSink {
    const place = { servers, server: login.http.server };
    return {
      send: (report) => session.report(report),
      mayTake: (recordedFor) => this.#deps.gate.mayTake(place, recordedFor),
    };
  }

  /** Steps 2 and 3. Takes the login over: it is discarded when they fail. */
  async open(identity: Identity, login: RwsLogin, { which, ms, parent }: StepLimit & { readonly which: DataCentre }): Promise<Connection> {
    const { clock, timeoutMs, listener } = this.#deps;
    const limit = { ms: ms ?? timeoutMs * OPEN_STEPS, what: 'Opening the session at RWS', parent };
    const channel = new SessionChannel(listener);
    try {
      const session = await withinTime(clock, limit, (signal) => login.openSession(identity.details, channel, signal));
      return { login, session, channel, which, servers: identity.servers };
    } catch (error) {
      channel.close();
      login.discard();
      throw error;
    }
  }

  /** Says goodbye to RWS. Never throws: the local end does not depend on it. */
  async end({ session, channel, which }: Connection): Promise<void> {
    const { clock, log } = this.#deps;
    try {
      await withinTime(clock, { ms: END_DEADLINE_MS, what: 'Ending the session at RWS' }, (signal) => session.end(signal));
    } catch (error) {
      log.warn('RWS was not told that the session is over', { which, reason: describeError(error) });
    } finally {
      channel.close();
      session.discard();
    }
  }

  async probePrimary(identity: Identity, parent: AbortSignal): Promise<boolean> {
    const { clock, timeoutMs, gateway, gate } = this.#deps;
    try {
      gate.demand(identity.servers.primary);
      return await withinTime(clock, { ms: timeoutMs, what: 'The probe', parent }, (signal) =>
        gateway.isReachable(identity.servers.primary, signal),
      );
    } catch {
      return false; // a probe that fails is the answer
    }
  }
}

function serverOf({ servers }: Identity, which: DataCentre): string {
  return (which === 'peer' ? servers.peer : undefined) ?? servers.primary;
}
