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
export interface OpenedSession {
  readonly login: RwsLogin;
  readonly session: RwsSession;
  readonly channel: SessionChannel;
  readonly which: DataCentre;
  readonly servers: ServerPair;
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

  async signIn({ credentials, servers }: Identity, server: string, signal: AbortSignal): Promise<RwsLogin> {
    this.#deps.gate.demand(server);
    return this.#deps.gateway.signIn(server, credentials, signal, servers);
  }

  toReportSink({ login, session, servers }: OpenedSession): ReportSink {
    const place = { servers, server: login.http.server };
    return {
      send: (report) => session.report(report),
      mayTake: (recordedFor) => this.#deps.gate.mayTake(place, recordedFor),
    };
  }

  /** Leaves the login alone when it fails. */
  async openSession(
    identity: Identity,
    login: RwsLogin,
    { which, signal }: { which: DataCentre; signal: AbortSignal },
  ): Promise<OpenedSession> {
    const channel = new SessionChannel(this.#deps.listener);
    try {
      return { login, channel, which, servers: identity.servers, session: await login.openSession(identity.details, channel, signal) };
    } catch (error) {
      channel.close();
      throw error;
    }
  }

  /** Signs in; the login is discarded by whoever asked. */
  signInWithin(identity: Identity, which: DataCentre, parent: AbortSignal): Promise<RwsLogin> {
    const { clock, timeoutMs } = this.#deps;
    return withinTime(clock, { ms: timeoutMs, what: 'Signing in to RWS', parent }, (signal) =>
      this.signIn(identity, serverOf(identity, which), signal),
    );
  }

  /** Opens a session; discards the login when that fails. */
  async openWithin(
    identity: Identity,
    login: RwsLogin,
    { which, parent }: { which: DataCentre; parent: AbortSignal },
  ): Promise<OpenedSession> {
    const { clock, timeoutMs } = this.#deps;
    try {
      return await withinTime(clock, { ms: timeoutMs * OPEN_STEPS, what: 'Opening the session at RWS', parent }, (signal) =>
        this.openSession(identity, login, { which, signal }),
      );
    } catch (error) {
      login.discard();
      throw error;
    }
  }

  /** Says goodbye to RWS. Never throws: the local end does not depend on it. */
  async end({ session, channel, which }: OpenedSession): Promise<void> {
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
