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

interface OpenRequest {
  readonly details: SessionDetails;
  readonly listener: RwsSessionListener;
}

/** Steps 2 and 3 of rws.md, *Sequence*. */
export async function openRwsSession(
  context: SessionContext,
  request: OpenRequest & { readonly signal: AbortSignal },
): Promise<RwsSession> {
  const { listener, signal } = request;
  const { http, protocol } = context;
  const notifications = new Notifications({
    ...context,
    path: protocol.paths.notifications,
    channel: protocol.channel,
    listener: { ...bind(listener), onMessage: (message) => dispatch(message.data, context, listener) },
    reestablish: async (life) => {
      await http.refresh(life);
      await start(life);
    },
  });
  /** Another program's session may be there too, the agent's own telephony: only what was opened here is ended here. */
  const opened = { isOurs: false };
  const start = async (life: AbortSignal): Promise<void> => {
    opened.isOurs = (await startSession(context, request, life)) || opened.isOurs;
  };
  await start(signal);
  try {
    await notifications.open(signal);
  } catch (error) {
    await abandon(context, notifications.clientId, opened.isOurs);
    throw error;
  }
  return new CometdRwsSession(context, notifications, opened);
}

/** Half a session must not stay behind when the next try may go to another server. Best effort, and never long. */
async function abandon({ http, protocol, log }: SessionContext, clientId: string | undefined, isOurs: boolean): Promise<void> {
  const signal = AbortSignal.timeout(GOODBYE_MS);
  const goodbye = [{ id: 'goodbye', channel: '/meta/disconnect', clientId }];
  const end = isOurs ? protocol.endBody() : undefined;
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
  readonly #opened: { readonly isOurs: boolean };

  constructor(context: SessionContext, notifications: Notifications, opened: { readonly isOurs: boolean }) {
    this.#context = context;
    this.#notifications = notifications;
    this.#opened = opened;
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
    const body = this.#opened.isOurs ? this.#context.protocol.endBody() : undefined;
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

/** @returns whether it was opened here. What RWS refuses of it is told, and keeps nobody from recording. */
async function startSession(context: SessionContext, { details, listener }: OpenRequest, signal: AbortSignal): Promise<boolean> {
  const body = context.protocol.startBody(details);
  if (body === undefined) return false;
  try {
    await context.http.request({ method: 'POST', path: context.protocol.paths.me, body: { json: body } }, signal);
    return true;
  } catch (error) {
    if (!isRwsError(error, 'refused')) throw error;
    // The server has a session of the agent still: what was wanted, and somebody's to end.
    if (ALREADY.has(error.statusCode)) return false;
    context.log.warn('RWS refused the start operation', { reason: error.statusMessage, statusCode: error.statusCode });
    listener.onStartRefused(error);
    return false;
  }
}

function dispatch(data: unknown, { toCommand, log }: SessionContext, listener: RwsSessionListener): void {
  const command = toCommand(data);
  if (command === undefined) return log.debug('a notification that is no recording command');
  listener.onCommand(command);
}

function bind(listener: RwsSessionListener): Omit<RwsSessionListener, 'onCommand'> {
  return {
    onStartRefused: (reason) => listener.onStartRefused(reason),
    onContact: () => listener.onContact(),
    onInterrupted: (reason) => listener.onInterrupted(reason),
    onRestored: () => listener.onRestored(),
    onEnded: (reason) => listener.onEnded(reason),
  };
}
