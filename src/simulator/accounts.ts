import { createHash } from 'node:crypto';
import type { Account } from './options';

export const CONTACT_CENTER_ID = '5a1c1d2e-0000-4000-8000-00000000c001';

export interface AgentIdentity {
  readonly id: string;
  readonly userName: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly contactCenterId: string;
}

/** The agents that may sign in, found by HTTP Basic. */
export class Accounts {
  readonly #agents: readonly AgentIdentity[];
  /** By the bytes of `user:password` as the account wants them, written as Latin-1. */
  readonly #byCredentials = new Map<string, AgentIdentity>();
  readonly #userNames: ReadonlySet<string>;

  constructor(accounts: readonly Account[]) {
    this.#agents = accounts.map(identify);
    this.#userNames = new Set(accounts.map(({ userName }) => userName));
    accounts.forEach((account, index) => {
      const bytes = Buffer.from(`${account.userName}:${account.password}`, account.isLatin1 ? 'latin1' : 'utf8');
      const agent = this.#agents[index];
      if (agent !== undefined) this.#byCredentials.set(bytes.toString('latin1'), agent);
    });
  }

  list(): readonly AgentIdentity[] {
    return this.#agents;
  }

  /** The agent whose credentials `Authorization` carries, or `undefined`. */
  authenticate(authorization: string | undefined): AgentIdentity | undefined {
    const bytes = decodeBasic(authorization);
    return bytes === undefined ? undefined : this.#byCredentials.get(bytes.toString('latin1'));
  }

  /** Who a request claims to be, right password or not; for faults that are meant for one agent. */
  claimedUserName(authorization: string | undefined): string | undefined {
    const bytes = decodeBasic(authorization);
    if (bytes === undefined) return undefined;
    const names = (['utf8', 'latin1'] as const).map((encoding) => bytes.toString(encoding).split(':', 1)[0] ?? '');
    return names.find((name) => this.#userNames.has(name));
  }
}

function decodeBasic(authorization: string | undefined): Buffer | undefined {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
}

function identify({ userName, firstName, lastName, contactCenterId }: Account): AgentIdentity {
  return {
    id: createHash('sha256').update(userName).digest('hex').slice(0, 32),
    userName,
    firstName: firstName ?? userName,
    lastName: lastName ?? 'Agent',
    contactCenterId: contactCenterId ?? CONTACT_CENTER_ID,
  };
}
