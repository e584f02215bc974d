/**
 * The calls from a web page, without the client of `screen-recording-service/desktop-client`, which does more: polling that a hidden page does not
 * slow, logins after a lost session, the browser's permission.
 */
export interface Service {
  /** `http://127.0.0.1:8080`: the literal address, never `localhost`. */
  readonly url: string;
  readonly userName: string;
  readonly password: string;
}

export interface Login {
  readonly user: { readonly userName: string; readonly firstName?: string; readonly lastName?: string };
  /** Goes back with the logout. */
  readonly csrfToken: string | null;
}

/** The answer of a call that failed. A page whose origin is not allowed gets none: its `fetch` throws a `TypeError`. */
export class ServiceError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Waits for the recording server's word on the credentials: up to 20 s. */
export async function logIn(service: Service, place: string): Promise<Login> {
  const configuration = [{ name: 'place', value: place }];
  const answer = await call(service, '/api/v2/me', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Support-CSRFP': 'True' },
    body: JSON.stringify(configuration),
  });
  const { user } = (await answer.json()) as Pick<Login, 'user'>;
  return { user, csrfToken: answer.headers.get('X-CSRF-TOKEN') };
}

/** Every 20 s. Throws `ServiceError` 401 when there is no session of this agent any more: log in again. */
export async function poll(service: Service): Promise<void> {
  await call(service, '/ping', { method: 'GET' });
}

export async function logOut(service: Service, { csrfToken }: Pick<Login, 'csrfToken'>): Promise<void> {
  await call(service, '/api/v2/me', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(csrfToken === null ? {} : { 'X-CSRF-Token': csrfToken }) },
    body: JSON.stringify({ operationName: 'EndContactCenterSession' }),
  });
}

async function call({ url, userName, password }: Service, path: string, init: RequestInit): Promise<Response> {
  const headers = { ...init.headers, Authorization: basic(userName, password) };
  const answer = await fetch(`${url}${path}`, { ...init, headers, credentials: 'include', signal: AbortSignal.timeout(30_000) });
  if (answer.ok) return answer;
  const { statusMessage } = (await answer.json().catch(() => ({}))) as { statusMessage?: string };
  throw new ServiceError(answer.status, statusMessage ?? `The Screen Recording Service answered ${answer.status}.`);
}

/** UTF-8 before Base64; `btoa` alone fails on a name beyond Latin-1. */
function basic(userName: string, password: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${userName}:${password}`)))}`;
}
