import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Guest {
  readonly socket: Socket;
  hasAsked: boolean;
  requestsUnderWay: number;
}

/**
 * Room for so many connections. Once it is full, a new one takes the place of the oldest that has not made a request, else of the oldest
 * that waits between two; only where all are being answered it is the new one that goes. So idle connections, whoever holds them,
 * keep nobody out.
 */
export class ConnectionRoom {
  readonly #size: number;
  /** Oldest first, by the caller's address and port: the socket of a TLS request is not the one that was accepted. */
  readonly #guests = new Map<string, Guest>();

  constructor(size: number) {
    this.#size = size;
  }

  enter(socket: Socket): void {
    const key = keyOf(socket);
    if (key === undefined || (this.#guests.size >= this.#size && !this.#makeRoom())) {
      socket.destroy();
      return;
    }
    const guest = { socket, hasAsked: false, requestsUnderWay: 0 };
    this.#guests.delete(key); // its port may have been given anew before we heard that it was closed
    this.#guests.set(key, guest);
    socket.once('close', () => {
      if (this.#guests.get(key) === guest) this.#guests.delete(key);
    });
  }

  /** Keeps the connection of a request until it is answered. */
  serve(request: IncomingMessage, response: ServerResponse): void {
    const guest = this.#guests.get(keyOf(request.socket) ?? '');
    if (guest === undefined) return;
    guest.hasAsked = true;
    guest.requestsUnderWay += 1;
    response.once('close', () => (guest.requestsUnderWay -= 1));
  }

  clear(): void {
    for (const { socket } of this.#guests.values()) socket.destroy();
    this.#guests.clear();
  }

  #makeRoom(): boolean {
    const guests = [...this.#guests];
    const leaving = guests.find(([, guest]) => !guest.hasAsked) ?? guests.find(([, guest]) => guest.requestsUnderWay === 0);
    if (leaving === undefined) return false;
    const [key, { socket }] = leaving;
    this.#guests.delete(key);
    socket.destroy();
    return true;
  }
}

function keyOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return remoteAddress === undefined || remotePort === undefined ? undefined : `${remoteAddress} ${remotePort}`;
}
