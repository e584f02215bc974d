import { createHash, randomUUID } from 'node:crypto';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface Ask {
  readonly json?: unknown;
  readonly body?: FormData | Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

type BayeuxMessage = Readonly<Record<string, unknown>>;

/** RWS as seen by hand: plain fetch, one cookie jar, CSRF only when told. Shows what is on the wire and hides nothing. */
export class RawClient {
  readonly server: string;
  readonly cookies = new Map<string, string>();
  authorization: string;
  csrf: Readonly<Record<string, string>> = {};
  clientId = '';

  constructor(server: string, userName = 'agent1', password = 'secret') {
    this.server = server;
    this.authorization = `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
  }

  async ask(method: string, path: string, { json, body, headers, signal }: Ask = {}): Promise<Answer> {
    const content = json === undefined ? body : JSON.stringify(json);
    const response = await fetch(`${this.server}${path}`, {
      method,
      ...(content === undefined ? {} : { body: content as string | FormData }),
      ...(signal === undefined ? {} : { signal }),
      headers: {
        Authorization: this.authorization,
        ...(this.cookies.size === 0 ? {} : { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...this.csrf,
        ...headers,
      },
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      this.cookies.set(name, value);
    }
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  }

  me(): Promise<Answer> {
    return this.ask('GET', '/api/v2/me');
  }

  operate(operationName: string): Promise<Answer> {
    return this.ask('POST', '/api/v2/me', { json: { operationName, channels: ['screenRecording'] } });
  }

  /** Takes the token the last `GET me` offered. */
  takeCsrf({ headers }: Answer): void {
    const name = headers.get('X-CSRF-HEADER');
    this.csrf = name === null ? {} : { [name]: headers.get(name) ?? '' };
  }

  async bayeux(messages: readonly BayeuxMessage[], suffix = '', signal?: AbortSignal): Promise<readonly BayeuxMessage[]> {
    const answer = await this.ask('POST', `/api/v2/notifications${suffix}`, {
      json: messages,
      ...(signal === undefined ? {} : { signal }),
    });
    if (answer.status !== 200) throw new Error(`Bayeux request answered with ${answer.status}`);
    return JSON.parse(answer.text) as BayeuxMessage[];
  }

  async handshake(): Promise<void> {
    const [reply] = await this.bayeux(
      [{ id: '1', channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'] }],
      '/handshake',
    );
    this.clientId = String(reply?.['clientId']);
  }

  subscribe(channel = '/v2/me/*'): Promise<readonly BayeuxMessage[]> {
    return this.bayeux([{ id: '2', channel: '/meta/subscribe', clientId: this.clientId, subscription: channel }]);
  }

  connect(signal?: AbortSignal): Promise<readonly BayeuxMessage[]> {
    return this.bayeux(
      [{ id: '3', channel: '/meta/connect', clientId: this.clientId, connectionType: 'long-polling' }],
      '/connect',
      signal,
    );
  }

  /** Steps 1 to 3 of the contract's sequence. */
  async signIn(): Promise<void> {
    this.takeCsrf(await this.me());
    await this.operate('StartContactCenterSession');
    await this.handshake();
    await this.subscribe();
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export interface Upload {
  readonly recordingId: string;
  readonly mediaId: string;
  readonly media: Buffer;
  readonly metadata: Record<string, unknown>;
  readonly path: string;
  readonly form: FormData;
}

/** An upload as the contract wants it; `media` is any bytes. */
export function makeUpload(media: Buffer, contactCenterId: string, userName = 'agent1'): Upload {
  const recordingId = randomUUID();
  const mediaId = randomUUID();
  const times = { startTime: '2026-01-05T08:00:00.000+0000', stopTime: '2026-01-05T08:00:01.000+0000' };
  const metadata = {
    id: recordingId,
    ...times,
    eventHistory: [],
    mediaFiles: [
      {
        mediaId,
        ...times,
        duration: '1000',
        size: String(media.length),
        type: 'video/mp4',
        sha256: createHash('sha256').update(media).digest('hex'),
        parameters: { contact: { userName }, displays: [], clientVersion: '8.5.100.00' },
      },
    ],
  };
  const form = new FormData();
  form.append('metadata', JSON.stringify(metadata));
  form.append('media', new Blob([new Uint8Array(media)], { type: 'video/mp4' }), mediaId);
  const path = `/internal-api/contact-centers/${contactCenterId}/screen-recordings/${recordingId}/content/${mediaId}`;
  return { recordingId, mediaId, media, metadata, path, form };
}
