import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import type { ConnectionOwner, ConnectionOwners } from '../lib/connection-owners';

const GONE: ConnectionOwner = { relation: 'gone' };

/** Which user of this computer each connection comes from: asked once, when it is opened, for all of its requests. */
export class Callers {
  readonly #owners: ConnectionOwners;
  readonly #known = new WeakMap<Duplex, Promise<ConnectionOwner>>();

  constructor(owners: ConnectionOwners) {
    this.#owners = owners;
  }

  /** Rejects when it could not be found out: nothing may be granted then. */
  of(socket: Socket): Promise<ConnectionOwner> {
    const known = this.#known.get(socket);
    if (known !== undefined) return known;
    const owner = this.#ask(socket);
    owner.catch(() => undefined); // whoever makes a request hears of it
    this.#known.set(socket, owner);
    return owner;
  }

  async #ask(socket: Socket): Promise<ConnectionOwner> {
    const { localAddress, localPort, remoteAddress, remotePort } = socket;
    if (localAddress === undefined || localPort === undefined || remoteAddress === undefined || remotePort === undefined) return GONE;
    const owner = await this.#owners.ownerOf({
      local: { address: localAddress, port: localPort },
      remote: { address: remoteAddress, port: remotePort },
    });
    // A connection that was cut meanwhile leaves its port to others: what was found need not be its caller.
    return socket.destroyed ? GONE : owner;
  }
}
