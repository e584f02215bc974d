import { access } from 'node:fs/promises';
import * as z from 'zod';
import { removeFile } from '../lib/held-files';
import { writeFileAtomically } from '../lib/json-file';
import type { Keychain } from '../lib/keychain';
import { Secret } from '../lib/secret';
import type { Unsubscribe } from '../shared/emitter';
import type { CredentialStore, StoredLogin } from './ports';
import { omitUndefined } from '../shared/omit-undefined';

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

export interface KeychainCredentialStoreDeps {
  /** Of the data directory. */
  readonly keychain: Keychain;
  /** Earlier versions had one entry for all data directories. Whoever is given it takes that entry over, once. */
  readonly formerKeychain?: Keychain;
  /** Is there while an entry is to be forgotten that the keychain has not removed yet. Says nothing about anybody. */
  readonly forgottenFile: string;
}

/** The signed-in agent's session in the operating system's keychain, as one secret. Throws `AppError` `keychain`. */
export class KeychainCredentialStore implements CredentialStore {
  readonly #deps: KeychainCredentialStoreDeps;
  readonly #keychain: Keychain;
  #hasFormer: boolean;

  constructor(deps: KeychainCredentialStoreDeps) {
    this.#deps = deps;
    this.#keychain = deps.keychain;
    this.#hasFormer = deps.formerKeychain !== undefined;
  }

  async save({ credentials, servers, details, hasPolled }: StoredLogin): Promise<void> {
    const stored: z.input<typeof storedSchema> = {
      userName: credentials.userName,
      password: credentials.password.reveal(),
      servers,
      details: { ...details, devices: [...details.devices] },
      ...omitUndefined({ hasPolled }),
    };
    await this.#keychain.set(ACCOUNT, new Secret(JSON.stringify(stored)));
    await this.#forgetFormer();
    await this.#noteRemembered();
  }

  /** An entry that cannot be read (another version's, damaged) counts as none. */
  async load(): Promise<StoredLogin | undefined> {
    if (await this.#isForgotten()) {
      await this.clear();
      return undefined;
    }
    const entry = (await this.#keychain.get(ACCOUNT)) ?? (await this.#takeFormer());
    const stored = entry === undefined ? undefined : parse(entry);
    if (stored === undefined) return undefined;
    const { userName, password, servers, details, hasPolled } = stored;
    return {
      credentials: { userName, password: new Secret(password) },
      servers: { primary: servers.primary, ...omitUndefined({ peer: servers.peer }) },
      details: { devices: details.devices, ...omitUndefined({ place: details.place }) },
      ...omitUndefined({ hasPolled }),
    };
  }

  async clear(): Promise<void> {
    // A disk that refuses leaves it to the keychain alone.
    await writeFileAtomically(this.#deps.forgottenFile, '').catch(() => undefined);
    await this.#keychain.delete(ACCOUNT);
    await this.#forgetFormer();
    await this.#noteRemembered();
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#keychain.onChange(listener);
  }

  async #takeFormer(): Promise<Secret | undefined> {
    const entry = await this.#deps.formerKeychain?.get(ACCOUNT);
    if (entry === undefined) return undefined;
    await this.#keychain.set(ACCOUNT, entry);
    await this.#forgetFormer();
    return entry;
  }

  async #forgetFormer(): Promise<void> {
    if (this.#hasFormer) await this.#deps.formerKeychain?.delete(ACCOUNT);
    this.#hasFormer = false;
  }

  async #isForgotten(): Promise<boolean> {
    return access(this.#deps.forgottenFile).then(
      () => true,
      () => false,
    );
  }

  async #noteRemembered(): Promise<void> {
    await removeFile(this.#deps.forgottenFile);
  }
}

function parse(entry: Secret): z.output<typeof storedSchema> | undefined {
  try {
    return storedSchema.parse(JSON.parse(entry.reveal()));
  } catch {
    return undefined; // must not surface: the error text would quote the secret
  }
}
