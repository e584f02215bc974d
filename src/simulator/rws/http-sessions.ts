import { randomBytes, randomUUID } from 'node:crypto';

export const SESSION_COOKIE = 'JSESSIONID';
/** Stickiness of a load balancer in front: a second cookie that has to come back. */
const BALANCER_COOKIE = 'RWSNODE';

/** One client's HTTP session: its cookies and its CSRF token. */
export class HttpSession {
  readonly userName: string;
  readonly #cookies = new Map<string, string>();
  csrfToken = randomUUID();
  /** When Basic was last checked by `GET me`; epoch milliseconds. */
  confirmedAt = Date.now();
  mustReturnCookies = false;

  constructor(userName: string, id: string) {
    this.userName = userName;
    this.#cookies.set(SESSION_COOKIE, id);
    this.#cookies.set(BALANCER_COOKIE, `node-${randomBytes(2).toString('hex')}`);
  }

  get id(): string {
    return this.#cookies.get(SESSION_COOKIE) ?? '';
  }

  /** One more cookie that has to come back, and all others with it from now on. */
  demandCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
    this.mustReturnCookies = true;
  }

  renew(id: string): void {
    this.#cookies.set(SESSION_COOKIE, id);
  }

  /** As `Set-Cookie` lines. */
  get setCookieLines(): string[] {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}; Path=/; HttpOnly`);
  }

  /** Did the client return every cookie it was given? */
  isReturnedBy(cookies: ReadonlyMap<string, string>): boolean {
    return [...this.#cookies].every(([name, value]) => name === SESSION_COOKIE || cookies.get(name) === value);
  }
}

/** Every HTTP session of one data centre. */
export class HttpSessions {
  readonly #byId = new Map<string, HttpSession>();
  readonly #rotating = new Set<HttpSession>();
  /** The id a session had before its rotation, until the new one comes back. */
  readonly #formerIds = new Map<HttpSession, string>();

  create(userName: string): HttpSession {
    const session = new HttpSession(userName, newId());
    this.#byId.set(session.id, session);
    return session;
  }

  find(id: string | undefined): HttpSession | undefined {
    const session = id === undefined ? undefined : this.#byId.get(id);
    // The client has taken over the new id: the old one is void from here on.
    if (session !== undefined && session.id === id) this.#forgetFormerId(session);
    return session;
  }

  /** `true` once for a session whose cookies were rotated: the answer has to carry the new ones. */
  takeRotation(session: HttpSession): boolean {
    if (!this.#rotating.delete(session)) return false;
    this.#formerIds.set(session, session.id);
    session.renew(newId());
    this.#byId.set(session.id, session);
    return true;
  }

  end(session: HttpSession): void {
    this.#byId.delete(session.id);
    this.#forgetFormerId(session);
  }

  endAll(): void {
    this.#byId.clear();
    this.#rotating.clear();
    this.#formerIds.clear();
  }

  rotateCookies(): void {
    for (const session of this.#byId.values()) this.#rotating.add(session);
  }

  rotateCsrf(): void {
    for (const session of this.#byId.values()) session.csrfToken = randomUUID();
  }

  #forgetFormerId(session: HttpSession): void {
    const formerId = this.#formerIds.get(session);
    if (formerId === undefined) return;
    this.#formerIds.delete(session);
    this.#byId.delete(formerId);
  }
}

export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='));
  return new Map(pairs.filter(([name]) => name !== '').map(([name = '', ...value]) => [name, value.join('=')]));
}

function newId(): string {
  return randomBytes(20).toString('hex').toUpperCase();
}
