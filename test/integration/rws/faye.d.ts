declare module 'faye' {
  import type { Server } from 'node:http';

  /** An independent Bayeux server: what the tests use of it. */
  export class NodeAdapter {
    constructor(options: { mount: string; timeout: number });
    attach(server: Server): void;
    on(event: 'handshake', listener: (clientId: string) => void): void;
    getClient(): { publish(channel: string, data: object): PromiseLike<void>; disconnect(): void };
    close(): void;
    _server: { _engine: { destroyClient(clientId: string): void } };
  }
}
