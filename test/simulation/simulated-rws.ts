import { createHash } from 'node:crypto';
import type { RwsGateway, RwsLogin, RwsRequest, RwsResponse, RwsSession, RwsSessionListener } from '../../src/rws/ports';
import type { Clock } from '../../src/lib/clock';
import { AppError } from '../../src/shared/errors';
import type { RecordingCommand, StateReport, UploadMetadata } from '../../src/shared/recording';
import { RwsError, type RwsErrorDetails } from '../../src/shared/rws-error';
import type { SimulatedProcess } from './simulated-process';

export type RwsWeather =
  'fine' | 'slow' | 'hanging' | 'down' | 'cut' | 'answerLost' | 'busy' | 'refused' | 'forbidden' | 'unauthenticated' | 'html' | 'partly';

export interface StoredMedia {
  readonly metadata: UploadMetadata;
  readonly media: Buffer;
  readonly by: string;
}

const ERRORS: Partial<Record<RwsWeather, RwsErrorDetails>> = {
  down: { kind: 'unavailable', statusMessage: 'The connection was refused', isLinkDown: true },
  busy: { kind: 'unavailable', httpStatus: 503, statusMessage: 'Busy', retryAfterMs: 30_000 },
  refused: { kind: 'refused', httpStatus: 400, statusCode: 2, statusMessage: 'Parameter invalid' },
  forbidden: { kind: 'refused', httpStatus: 403, statusCode: 5, statusMessage: 'Not authorised' },
  unauthenticated: { kind: 'unauthenticated', httpStatus: 401, statusCode: 20, statusMessage: 'Not authenticated' },
};
const LATENCY_MS: Partial<Record<RwsWeather, number>> = { slow: 4000 };

interface OpenSession {
  readonly userName: string;
  readonly listener: RwsSessionListener;
  readonly process: SimulatedProcess;
}

/** RWS in the simulated world: what it was told and given, and how it behaves now. */
export class SimulatedRws {
  weather: RwsWeather = 'fine';
  readonly stored = new Map<string, StoredMedia>();
  /** Also those that it did not take: a report is tried a few times, and then only in the log. */
  readonly reports: StateReport[] = [];
  readonly violations: string[] = [];
  readonly logins = new Set<RwsLogin>();
  readonly passwords: ReadonlyMap<string, string>;
  readonly #sessions = new Set<OpenSession>();

  constructor(passwords: ReadonlyMap<string, string>) {
    this.passwords = passwords;
  }

  isOpen(userName: string): boolean {
    return [...this.#sessions].some((session) => session.userName === userName && session.process.isAlive);
  }

  /** @returns whether a session was there to take it */
  command(userName: string, command: RecordingCommand): boolean {
    const session = [...this.#sessions].find((open) => open.userName === userName && open.process.isAlive);
    session?.process.run(() => session.listener.onCommand(command));
    return session !== undefined;
  }

  /** RWS ends every session by itself. */
  endSessions(): void {
    for (const session of [...this.#sessions]) {
      this.#sessions.delete(session);
      session.process.run(() => session.listener.onEnded(new RwsError({ kind: 'unavailable', statusMessage: 'The session is gone' })));
    }
  }

  for(process: SimulatedProcess): RwsGateway {
    return {
      signIn: async (server, credentials, signal) => {
        await this.#answer(process, signal);
        if (this.passwords.get(credentials.userName) !== credentials.password.reveal()) {
          throw new RwsError({ kind: 'unauthenticated', httpStatus: 401, statusCode: 20, statusMessage: 'Not authenticated' });
        }
        return this.#login(process, server, credentials.userName);
      },
      forgiveRefusals: () => undefined,
      isReachable: async (_server, signal) => {
        await this.#answer(process, signal);
        return true;
      },
    };
  }

  #login(process: SimulatedProcess, server: string, userName: string): RwsLogin {
    const login: RwsLogin = {
      user: { userName, contactCenterId: 'cc1' },
      http: {
        server,
        userName,
        request: async (request, signal) => {
          if (!this.logins.has(login)) this.violations.push('a discarded login was used');
          return this.#request(process, userName, request, signal);
        },
        refresh: (signal) => this.#answer(process, signal),
      },
      openSession: async (_details, listener, signal) => {
        await this.#answer(process, signal);
        return this.#open({ process, userName, listener });
      },
      discard: () => void this.logins.delete(login),
    };
    this.logins.add(login);
    return login;
  }

  #open(session: OpenSession): RwsSession {
    this.#sessions.add(session);
    return {
      report: async (report) => {
        this.reports.push(report);
        await this.#answer(session.process);
      },
      reconnectNow: () => undefined,
      end: async (signal) => {
        await this.#answer(session.process, signal);
        this.#sessions.delete(session);
      },
      discard: () => void this.#sessions.delete(session),
    };
  }

  async #request(process: SimulatedProcess, userName: string, request: RwsRequest, signal?: AbortSignal): Promise<RwsResponse> {
    if (this.weather === 'cut') await readBody(request, 0.5);
    await this.#answer(process, signal, request.idleTimeoutMs);
    if (request.method === 'OPTIONS') throw new RwsError({ kind: 'refused', httpStatus: 404, statusMessage: 'Not found' });
    const { metadata, media } = parse(await readBody(request, 1));
    await process.lives();
    if (this.weather === 'html') return { status: 200, headers: {}, body: undefined };
    if (this.weather === 'partly') return { status: 200, headers: {}, body: { statusCode: 7 } };
    this.#store({ metadata, media, by: userName });
    if (this.weather === 'answerLost') throw new RwsError({ kind: 'unavailable', statusMessage: 'The connection was cut' });
    return { status: 201, headers: {}, body: { statusCode: 0 } };
  }

  #store(upload: StoredMedia): void {
    const [{ mediaId, size, sha256 }] = upload.metadata.mediaFiles;
    if (this.stored.has(mediaId)) {
      throw new RwsError({ kind: 'refused', httpStatus: 409, statusCode: 18, statusMessage: 'Already exists' });
    }
    if (String(upload.media.length) !== size) this.violations.push(`${mediaId}: its size is not what its metadata says`);
    if (createHash('sha256').update(upload.media).digest('hex') !== sha256)
      this.violations.push(`${mediaId}: its hash is not its metadata's`);
    this.stored.set(mediaId, upload);
  }

  /** Resolves when RWS answers well; throws what it answers else. */
  async #answer(process: SimulatedProcess, signal?: AbortSignal, timeoutMs = 10_000): Promise<void> {
    const { weather } = this;
    const isHanging = weather === 'hanging';
    await wait(process, isHanging ? timeoutMs : (LATENCY_MS[weather] ?? 40), signal);
    await process.lives();
    if (isHanging) throw new RwsError({ kind: 'unavailable', statusMessage: 'No answer in time' });
    if (weather === 'cut') throw new RwsError({ kind: 'unavailable', statusMessage: 'The connection was cut' });
    const error = ERRORS[weather];
    if (error !== undefined) throw new RwsError(error);
  }
}

function wait(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      timer.cancel();
      reject(new AppError('aborted', 'cancelled'));
    };
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

async function readBody({ body }: RwsRequest, share: number): Promise<Buffer> {
  if (body === undefined || !('open' in body)) return Buffer.alloc(0);
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body.open() as AsyncIterable<Buffer>) {
    pieces.push(Buffer.from(piece));
    length += piece.length;
    if (length > body.length * share) break;
  }
  return Buffer.concat(pieces);
}

function parse(body: Buffer): { readonly metadata: UploadMetadata; readonly media: Buffer } {
  const boundary = body.subarray(0, body.indexOf('\r\n'));
  const metadataAt = body.indexOf('\r\n\r\n') + 4;
  const secondAt = body.indexOf(Buffer.concat([Buffer.from('\r\n'), boundary]), metadataAt);
  const mediaAt = body.indexOf('\r\n\r\n', secondAt) + 4;
  const end = body.lastIndexOf(Buffer.concat([Buffer.from('\r\n'), boundary]));
  const metadata = JSON.parse(body.subarray(metadataAt, body.indexOf('\r\n', metadataAt)).toString()) as UploadMetadata;
  return { metadata, media: body.subarray(mediaAt, end) };
}
