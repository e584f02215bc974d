import { readAnswer, readCsrf, readUser, readVersion, toClientError, type Answer } from './answers';
import { ScreenRecordingClientError } from './errors';
import { lookUpLoopbackAccess } from './loopback-access';
import type { AgentCredentials, LoginConfiguration, ScreenRecordingClientOptions, SignedInUser } from './types';

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The calls of the local API, one by one. Keeps what the session needs from call to call: the credentials or cookie, and the CSRF token. */
export class LocalApi {
  readonly #options: ScreenRecordingClientOptions;
  readonly #baseUrl: string;
  #authorization: string | undefined;
  #csrf: readonly [name: string, token: string] | undefined;

  constructor(options: ScreenRecordingClientOptions) {
    this.#options = options;
    this.#baseUrl = (options.baseUrl ?? 'http://127.0.0.1:8080').replace(/\/+$/, '');
  }

  async login(credentials: AgentCredentials, configuration: LoginConfiguration, signal: AbortSignal): Promise<SignedInUser> {
    const authorization = basic(credentials);
    const parameters = toParameters(configuration);
    const answer = await this.#send(
      {
        method: parameters.length === 0 ? 'GET' : 'POST',
        path: '/api/v2/me',
        headers: {
          Authorization: authorization,
          ...(this.#options.supportCsrf === false ? {} : { 'X-Support-CSRFP': 'True' }),
          ...(parameters.length === 0 ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(parameters.length === 0 ? {} : { body: JSON.stringify(parameters) }),
      },
      signal,
    );
    const user = readUser(answer);
    this.#csrf = readCsrf(answer);
    this.#authorization = this.#options.authentication === 'cookie' ? undefined : authorization;
    return user;
  }

  async ping(signal: AbortSignal): Promise<void> {
    await this.#send({ method: 'GET', path: '/ping', headers: this.#proof() }, signal);
  }

  async logout(signal: AbortSignal): Promise<void> {
    const headers = {
      ...this.#proof(),
      'Content-Type': 'application/json',
      ...(this.#csrf === undefined ? {} : { [this.#csrf[0]]: this.#csrf[1] }),
    };
    await this.#send(
      { method: 'POST', path: '/api/v2/me', headers, body: JSON.stringify({ operationName: 'EndContactCenterSession' }) },
      signal,
    );
    this.forget();
  }

  async version(signal: AbortSignal): Promise<string> {
    return readVersion(await this.#send({ method: 'GET', path: '/version' }, signal));
  }

  forget(): void {
    this.#authorization = undefined;
    this.#csrf = undefined;
  }

  #proof(): Record<string, string> {
    return this.#authorization === undefined ? {} : { Authorization: this.#authorization };
  }

  async #send({ method, path, headers = {}, body }: Call, signal: AbortSignal): Promise<Answer> {
    const { origin } = this.#options;
    const send = this.#options.fetch ?? globalThis.fetch;
    const init = {
      method,
      headers: { ...headers, ...(origin === undefined ? {} : { Origin: origin }) },
      credentials: 'include',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout((this.#options.timeoutSeconds ?? 30) * 1000)]),
      ...(body === undefined ? {} : { body }),
    } as const;
    let answer: Answer;
    try {
      answer = await readAnswer(await send(`${this.#baseUrl}${path}`, init));
    } catch (cause) {
      throw signal.aborted ? aborted(cause) : await this.#explainSilence(cause);
    }
    if (answer.status !== 200) throw toClientError(answer);
    return answer;
  }

  /** A browser says the same of every failure, so the permission is looked up to tell them apart. */
  async #explainSilence(cause: unknown): Promise<ScreenRecordingClientError> {
    const { state, explanation } = await lookUpLoopbackAccess();
    if (state === 'denied' || state === 'insecurePage') return new ScreenRecordingClientError('permissionDenied', explanation, { cause });
    const question = state === 'prompt' ? ` ${explanation}` : '';
    return new ScreenRecordingClientError(
      'unreachable',
      `The Screen Recording Service does not answer at ${this.#baseUrl}. Is it running, and does its configuration allow this page's address?${question}`,
      { cause },
    );
  }
}

export function aborted(cause?: unknown): ScreenRecordingClientError {
  return new ScreenRecordingClientError('aborted', 'A later call took the place of this one.', { cause });
}

function basic({ userName, password }: AgentCredentials): string {
  if (userName === '' || userName.includes(':')) {
    throw new ScreenRecordingClientError('invalidRequest', 'A user name must not be empty or contain a colon.');
  }
  const bytes = new TextEncoder().encode(`${userName}:${password}`);
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
}

function toParameters({
  server,
  peerServer,
  place,
  devices,
}: LoginConfiguration): readonly { readonly name: string; readonly value: unknown }[] {
  const all = { server, peer_server: peerServer, place, devices: devices?.length === 0 ? undefined : devices };
  return Object.entries(all)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => ({ name, value }));
}
