import { randomUUID } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { Secret } from '../lib/secret';
import { describeError } from '../shared/errors';
import { Mismatch, Undecided } from './verdict';

/** A login may take 20 s at the service. */
const TIMEOUT_MS = 30_000;
const REFUSALS = [401, 403, 429];
const MAX_BODY_BYTES = 1_000_000;

export interface CallerOptions {
  /** Where the server listens, such as `http://127.0.0.1:8080`. */
  readonly url: URL;
  /** One that the server allows. */
  readonly origin: string;
  readonly userName: string;
  readonly password: Secret;
  /** PEM of an authority to trust for https. */
  readonly ca?: string;
}

export interface Call {
  readonly method?: string;
  readonly path: string;
  /** `null` leaves the header out. `Origin` and `Host` are there unless said otherwise. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** Talks to the server as an agent desktop would, header by header. */
export class Caller {
  readonly options: CallerOptions;
  #refusal: string | undefined;

  constructor(options: CallerOptions) {
    this.options = options;
  }

  /** Throws `Undecided` once they were refused: each more try could lock the agent's account. */
  get own(): Readonly<Record<string, string>> {
    if (this.#refusal !== undefined) throw new Undecided(this.#refusal);
    return { Authorization: basic(this.options.userName, this.options.password.reveal()) };
  }

  /** Nobody this server knows: no agent's account is locked by the tries. */
  get stranger(): Readonly<Record<string, string>> {
    return { Authorization: basic(`conformance-${randomUUID()}`, randomUUID()) };
  }

  /** Throws `Mismatch` when there is no answer. */
  async call({ method = 'GET', path, headers = {}, body }: Call): Promise<Answer> {
    const all = { Origin: this.options.origin, ...headers };
    const sent = Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null));
    try {
      return await this.#send(method, path, sent, body);
    } catch (error) {
      throw new Mismatch(`${method} ${path} got no answer: ${describeError(error)}`);
    }
  }

  postMe(body: unknown, headers: Call['headers'] = {}): Promise<Answer> {
    return this.call({
      method: 'POST',
      path: '/api/v2/me',
      headers: { ...this.own, 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  ping(headers: Call['headers'] = this.own): Promise<Answer> {
    return this.call({ path: '/ping', headers });
  }

  logOut(headers: Call['headers'] = {}): Promise<Answer> {
    return this.postMe({ operationName: 'EndContactCenterSession' }, headers);
  }

  /** A session of the agent, new or the one that is open. Throws `Undecided` when the server lets nobody in. */
  async logIn(headers: Call['headers'] = {}): Promise<Answer> {
    const answer = await this.call({ path: '/api/v2/me', headers: { ...this.own, ...headers } });
    if (answer.status === 200) return answer;
    const refusal = `The login of ${this.options.userName} was answered with ${describeAnswer(answer)}`;
    if (REFUSALS.includes(answer.status)) this.#refusal = refusal;
    throw new Undecided(refusal);
  }

  /** No session of the agent, whatever was before. */
  async beSignedOut(): Promise<void> {
    const { headers } = await this.logIn({ 'X-Support-CSRFP': 'True' });
    const token = headers['x-csrf-token'];
    await this.logOut(typeof token === 'string' ? { 'X-CSRF-Token': token } : {});
  }

  #send(method: string, path: string, headers: Record<string, string>, body: string | undefined): Promise<Answer> {
    const { url, ca } = this.options;
    const { request: open } = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
      const options = { method, headers: { ...headers, ...length }, agent: false as const, signal, ...(ca === undefined ? {} : { ca }) };
      const request = open(new URL(path, url), options, (response) => {
        readAll(response).then((text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }), reject);
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}

async function readAll(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error(`the answer is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function basic(userName: string, password: string): string {
  return `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
}

/** For a person: status and the start of the body, in one line. */
export function describeAnswer({ status, text }: Answer): string {
  const start = text.replace(/\s+/g, ' ').trim().slice(0, 160);
  return start === '' ? `${status} without a body` : `${status} ${start}`;
}
