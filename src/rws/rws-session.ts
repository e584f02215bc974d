import type { Clock } from '../lib/clock';
import type { Random } from '../lib/backoff';
import type { Logger } from '../lib/logger';
import type { RwsSession, RwsSessionListener, RwsUser, SessionDetails } from './ports';
import type { RecordingCommand, StateReport } from '../shared/recording';
import { isRwsError, RWS_STATUS, toRwsError } from '../shared/rws-error';
import type { AxiosRwsHttp } from './http/axios-rws-http';
import { Notifications } from './notifications/notifications';
import type { RwsProtocol } from './protocol';

export interface SessionContext {
  readonly http: AxiosRwsHttp;
  readonly user: RwsUser;
  readonly protocol: RwsProtocol;
  readonly clientVersion: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly toCommand: (data: unknown) => RecordingCommand | undefined;
  /** Remembered per server: once it said it takes no state reports, none are sent. */
  readonly reports: { areTaken: boolean };
}

const ALREADY: ReadonlySet<number | undefined> = new Set([RWS_STATUS.alreadyExists, 19]);
/** A server that does not answer the goodbye shall still hear that the agent's session is over. */
const GOODBYE_MS = 1000;
const NO_REPORTS: ReadonlySet<number | undefined> = new Set([404, 405]);

/** Steps 2 and 3 of rws.md, *Sequence*. */
export async function openRwsSession(
  context: SessionContext,
  request: { readonly details: SessionDetails; readonly listener: RwsSessionListener; readonly signal: AbortSignal },
): Promise<RwsSession> {
  const { details, listener, signal } = request;
  const { http, protocol } = context;
  const notifications = new Notifications({
    ...context,
    path: protocol.paths.notifications,
    channel: protocol.channel,
    listener: { ...bind(listener), onMessage: (message) => dispatch(message.data, context, listener) },
    reestablish: async (life) => {
      await http.refresh(life);
      await startSession(context, details, life);
    },
  });
  await startSession(context, details, signal);
  try {
    await notifications.open(signal);
  } catch (error) {
    await abandon(context, notifications.clientId);
    throw error;
  }
  return new CometdRwsSession(context, notifications);
}

/** Half a session must not stay behind when the next try may go to another server. Best effort, and never long. */
async function abandon({ http, protocol, log }: SessionContext, clientId: string | undefined): Promise<void> {
  const signal = AbortSignal.timeout(GOODBYE_MS);
  const goodbye = [{ id: 'goodbye', channel: '/meta/disconnect', clientId }];
  const end = protocol.endBody();
  const results = await Promise.allSettled([
    clientId === undefined
      ? undefined
      : http.request({ method: 'POST', path: `${protocol.paths.notifications}/disconnect`, body: { json: goodbye } }, signal),
    end === undefined ? undefined : http.request({ method: 'POST', path: protocol.paths.me, body: { json: end } }, signal),
  ]);
  if (results.some(({ status }) => status === 'rejected')) log.info('half a session may be left at RWS', { server: http.server });
}

class CometdRwsSession implements RwsSession {
  readonly #context: SessionContext;
  readonly #notifications: Notifications;

  constructor(context: SessionContext, notifications: Notifications) {
    this.#context = context;
    this.#notifications = notifications;
  }

  async report(report: StateReport): Promise<void> {
    const { reports, log, protocol, clientVersion } = this.#context;
    if (!reports.areTaken) return;
    const body = { json: protocol.reportBody(report, clientVersion) };
    const post = async (): Promise<void> => {
      await this.#context.http.request({ method: 'POST', path: protocol.reportPath(report.recordingId), body });
    };
    try {
      await post().catch(async (error: unknown) => {
        if (!isRwsError(error, 'unauthenticated')) throw error;
        await this.#context.http.refresh();
        await post();
      });
    } catch (error) {
      if (!isRwsError(error) || !NO_REPORTS.has(error.httpStatus)) throw error;
      reports.areTaken = false;
      log.info('RWS takes no state reports: none are sent any more', { httpStatus: error.httpStatus });
    }
  }

  reconnectNow(): void {
    this.#context.http.dropIdleSockets();
    this.#notifications.reconnectNow();
  }

  /** Notifications first: ending the agent's session may end the HTTP session they belong to. */
  async end(signal: AbortSignal): Promise<void> {
    const body = this.#context.protocol.endBody();
    const path = this.#context.protocol.paths.me;
    const failure = await this.#notifications.close(AbortSignal.any([signal, AbortSignal.timeout(GOODBYE_MS)])).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (body !== undefined) await this.#context.http.request({ method: 'POST', path, body: { json: body } }, signal);
    else if (failure !== undefined) throw toRwsError(failure);
  }

  discard(): void {
    this.#notifications.discard();
  }
}

async function startSession(context: SessionContext, details: SessionDetails, signal: AbortSignal): Promise<void> {
  const body = context.protocol.startBody(details);
  if (body === undefined) return;
  try {
    await context.http.request({ method: 'POST', path: context.protocol.paths.me, body: { json: body } }, signal);
  } catch (error) {
    // The server has the agent's session still: what was wanted.
    if (!isRwsError(error) || !ALREADY.has(error.statusCode)) throw error;
  }
}

function dispatch(data: unknown, { toCommand, log }: SessionContext, listener: RwsSessionListener): void {
  const command = toCommand(data);
  if (command === undefined) return log.debug('a notification that is no recording command');
  listener.onCommand(command);
}

function bind(listener: RwsSessionListener): Omit<RwsSessionListener, 'onCommand'> {
  return {
    onContact: () => listener.onContact(),
    onInterrupted: (reason) => listener.onInterrupted(reason),
    onRestored: () => listener.onRestored(),
    onEnded: (reason) => listener.onEnded(reason),
  };
}
