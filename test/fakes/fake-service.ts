import { Secret } from '../../src/lib/secret';
import type { LoginRequest, ScreenRecordingService, SignedInSession } from '../../src/service/ports';
import type { Credentials, RwsUser } from '../../src/rws/ports';
import type { NamedServers, ServerGate } from '../../src/session/server-gate';
import { AppError } from '../../src/shared/errors';
import { Emitter, type Unsubscribe } from '../../src/shared/emitter';
import { RwsError } from '../../src/shared/rws-error';
import type { Snapshot } from '../../src/shared/snapshot';

export interface FakeAgent {
  readonly password: string;
  readonly user: RwsUser;
}

/** A service that knows its agents by heart and notes what it was asked. Logins can be held open or made to fail. */
export class FakeService implements ScreenRecordingService {
  readonly agents = new Map<string, FakeAgent>();
  /** Every login that reached the service, refused ones too: what RWS would have been asked. */
  readonly logins: LoginRequest[] = [];
  readonly logouts: string[] = [];
  readonly polls: string[] = [];
  /** What was asked to be tried again; `undefined` for all. */
  readonly retries: (string | undefined)[] = [];
  /** Media ids of the recordings that wait. */
  readonly waiting = ['media-1', 'media-2'];
  /** Thrown by the next logins, one each, before credentials are looked at. */
  readonly failures: unknown[] = [];
  /** What `login` takes when the request names none. */
  configuredServer: string | undefined = 'https://rws.example.com';
  /** Which servers a login may name. */
  gate: Pick<ServerGate, 'pairsFor'> | undefined;
  loginsUnderWay = 0;
  mostLoginsAtOnce = 0;
  #hold: Promise<void> | undefined;
  #session: (SignedInSession & { readonly request: LoginRequest }) | undefined;
  #opened = 0;
  #revision = 1;
  readonly #changes = new Emitter<Snapshot>();

  addAgent(userName: string, password: string, user: Omit<RwsUser, 'userName'> = {}): this {
    this.agents.set(userName, { password, user: { userName, ...user } });
    return this;
  }

  /** Logins wait until the returned function is called. */
  holdLogins(): () => void {
    let release = (): void => undefined;
    this.#hold = new Promise((resolve) => (release = resolve));
    return () => {
      this.#hold = undefined;
      release();
    };
  }

  checkServers(named: NamedServers): void {
    this.gate?.pairsFor(named);
  }

  async login(request: LoginRequest): Promise<SignedInSession> {
    this.logins.push(request);
    this.loginsUnderWay += 1;
    this.mostLoginsAtOnce = Math.max(this.mostLoginsAtOnce, this.loginsUnderWay);
    try {
      await this.#hold;
      return this.#open(request);
    } finally {
      this.loginsUnderWay -= 1;
    }
  }

  #open(request: LoginRequest): SignedInSession {
    if (this.failures.length > 0) throw this.failures.shift();
    if ((request.server ?? this.configuredServer) === undefined) throw new AppError('invalidRequest', 'no server');
    const { userName, password } = request.credentials;
    const agent = this.agents.get(userName);
    if (agent === undefined || !password.equals(new Secret(agent.password))) {
      throw new RwsError({ kind: 'unauthenticated', httpStatus: 401, statusCode: 20, statusMessage: 'Not authenticated' });
    }
    const isSame = this.#session?.verify(request.credentials) === true && sameWish(this.#session.request, request);
    if (!isSame)
      this.#session = { sessionId: `session-${(this.#opened += 1)}`, user: agent.user, request, verify: ownedBy(request.credentials) };
    this.#changed();
    return this.current() as SignedInSession;
  }

  async logout(sessionId: string): Promise<void> {
    this.logouts.push(sessionId);
    if (this.#session?.sessionId === sessionId) this.endSession();
  }

  current(): SignedInSession | undefined {
    return this.#session;
  }

  poll(sessionId: string): void {
    this.polls.push(sessionId);
  }

  async retryUploads(mediaId?: string): Promise<number> {
    this.retries.push(mediaId);
    return this.waiting.filter((waiting) => mediaId === undefined || waiting === mediaId).length;
  }

  /** As when the polls stop, or RWS ends the session for good. */
  endSession(): void {
    this.#session = undefined;
    this.#changed();
  }

  snapshot(): Snapshot {
    const session = this.#session;
    return {
      revision: this.#revision,
      time: '2026-01-05T08:00:00.000Z',
      version: '8.5.102.03',
      packageVersion: '1.2.3',
      isDemo: false,
      endpoints: [],
      session:
        session === undefined
          ? { status: 'signedOut' }
          : {
              status: 'connected',
              agent: { userName: session.user.userName, devices: session.request.details.devices },
              server: session.request.server ?? this.configuredServer ?? '',
              which: 'primary',
              since: '2026-01-05T08:00:00.000Z',
              lastContact: '2026-01-05T08:00:00.000Z',
            },
      recorder: { status: 'idle' },
      uploads: { jobs: [], pendingBytes: 0 },
      problems: [],
      history: [],
    };
  }

  onChange(listener: (snapshot: Snapshot) => void): Unsubscribe {
    return this.#changes.subscribe(listener);
  }

  #changed(): void {
    this.#revision += 1;
    this.#changes.emit(this.snapshot());
  }
}

function ownedBy(own: Credentials): (credentials: Credentials) => boolean {
  return (credentials) => credentials.userName === own.userName && credentials.password.equals(own.password);
}

function sameWish(a: LoginRequest, b: LoginRequest): boolean {
  const wish = ({ server, peerServer, details }: LoginRequest): string => JSON.stringify({ server, peerServer, details });
  return wish(a) === wish(b);
}
