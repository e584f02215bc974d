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
  readonly #accounts: readonly Account[];

  constructor(accounts: readonly Account[]) {
    this.#accounts = accounts;
  }

  list(): readonly AgentIdentity[] {
    return this.#accounts.map(identify);
  }

  /** The agent whose credentials `Authorization` carries, or `undefined`. */
  authenticate(authorization: string | undefined): AgentIdentity | undefined {
    const bytes = decodeBasic(authorization);
    if (bytes === undefined) return undefined;
    const account = this.#accounts.find((candidate) => {
      const expected = Buffer.from(`${candidate.userName}:${candidate.password}`, candidate.isLatin1 ? 'latin1' : 'utf8');
      return expected.equals(bytes);
    });
    return account === undefined ? undefined : identify(account);
  }

  /** Who a request claims to be, right password or not; for faults that are meant for one agent. */
  claimedUserName(authorization: string | undefined): string | undefined {
    const bytes = decodeBasic(authorization);
    return this.#accounts.find(({ userName, isLatin1 }) => bytes?.indexOf(`${userName}:`, 0, isLatin1 ? 'latin1' : 'utf8') === 0)?.userName;
  }
}

function decodeBasic(authorization: string | undefined): Buffer | undefined {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
}

function identify(account: Account): AgentIdentity {
  return {
    id: createHash('sha256').update(account.userName).digest('hex').slice(0, 32),
    userName: account.userName,
    firstName: account.firstName ?? account.userName,
    lastName: account.lastName ?? 'Agent',
    contactCenterId: account.contactCenterId ?? CONTACT_CENTER_ID,
  };
}
