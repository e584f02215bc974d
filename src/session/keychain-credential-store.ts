import { z } from 'zod';
import type { Keychain } from '../lib/keychain';
import { Secret } from '../lib/secret';
import type { CredentialStore, StoredSession } from './ports';

/** One entry, whoever is signed in: its name must not say who works at this computer. */
const ACCOUNT = 'agent-session';

const storedSchema = z.object({
  userName: z.string(),
  password: z.string(),
  servers: z.object({ primary: z.url(), peer: z.url().optional() }),
  details: z.object({
    place: z.string().optional(),
    devices: z.array(z.object({ dn: z.string(), switch: z.string() })),
  }),
  hasPolled: z.boolean().optional(),
});

/** The signed-in agent's session in the operating system's keychain, as one secret. Throws `AppError` `keychain`. */
export class KeychainCredentialStore implements CredentialStore {
  readonly #keychain: Keychain;

  constructor(keychain: Keychain) {
    this.#keychain = keychain;
  }

  async save({ credentials, servers, details, hasPolled }: StoredSession): Promise<void> {
    const stored: z.input<typeof storedSchema> = {
      userName: credentials.userName,
      password: credentials.password.reveal(),
      servers,
      details: { ...details, devices: [...details.devices] },
      ...(hasPolled === undefined ? {} : { hasPolled }),
    };
    await this.#keychain.set(ACCOUNT, new Secret(JSON.stringify(stored)));
  }

  /** An entry that cannot be read (another version's, damaged) counts as none. */
  async load(): Promise<StoredSession | undefined> {
    const entry = await this.#keychain.get(ACCOUNT);
    const stored = entry === undefined ? undefined : parse(entry);
    if (stored === undefined) return undefined;
    const { userName, password, servers, details, hasPolled } = stored;
    return {
      credentials: { userName, password: new Secret(password) },
      servers: { primary: servers.primary, ...(servers.peer === undefined ? {} : { peer: servers.peer }) },
      details: { devices: details.devices, ...(details.place === undefined ? {} : { place: details.place }) },
      ...(hasPolled === undefined ? {} : { hasPolled }),
    };
  }

  async clear(): Promise<void> {
    await this.#keychain.delete(ACCOUNT);
  }
}

function parse(entry: Secret): z.output<typeof storedSchema> | undefined {
  try {
    return storedSchema.parse(JSON.parse(entry.reveal()));
  } catch {
    return undefined; // must not surface: the error text would quote the secret
  }
}
