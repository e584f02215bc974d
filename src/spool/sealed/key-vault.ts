import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { removeFile } from '../../lib/held-files';
import { writeFileAtomically } from '../../lib/json-file';
import type { Keychain } from '../../lib/keychain';
import type { Logger } from '../../lib/logger';
import { Secret } from '../../lib/secret';
import { describeError } from '../../shared/errors';
import type { ProblemReporter } from '../../shared/problems';
import { StoreError } from '../../recorder/store-error';
import { decodeKey, encodeKey, putKeyFileAside, readKeyFile, readKeyFilesAside, type KeyFile } from './key-file';
import type { SpoolKeyVault } from '../ports';
import { KEY_BYTES } from './sealer';

export interface SpoolKeyVaultDeps {
  /** Of the data directory. */
  readonly keychain: Keychain;
  /** `spool.keyFallback` */
  readonly fallback: 'file' | 'refuse';
  /** Where the key file lies, if there is one. */
  readonly directory: string;
  readonly problems: ProblemReporter;
  readonly log: Logger;
}

const ACCOUNT = 'spool-key';
const FILE_NAME = 'spool-key';

interface Keys {
  /** Wraps new recordings. */
  readonly current: Uint8Array;
  /** Only open recordings. */
  readonly former: readonly Uint8Array[];
  readonly isFallback: boolean;
}

/**
 * The key that wraps the recordings' keys. INVARIANTS: a key that ever wrapped a recording is kept; a key that lay in a file never becomes
 * the keychain's own, whoever wrote the file: it only opens what it sealed; a key file is written only when the keychain cannot be used and
 * policy allows it, and used for new recordings only if it is this user's alone.
 */
export function createSpoolKeyVault(deps: SpoolKeyVaultDeps): SpoolKeyVault {
  let loading: Promise<Keys> | undefined;
  let loaded: Keys | undefined;
  const load = async (): Promise<Keys> => {
    if (loaded !== undefined) return loaded;
    loading ??= loadKeys(deps);
    try {
      return (loaded = await loading);
    } finally {
      loading = undefined; // One that failed: the keychain may be unlocked later.
    }
  };
  deps.keychain.onChange(() => {
    if (loaded?.isFallback === false) return;
    // Until it is known what the keychain has, recordings go on with the key there is.
    loadKeys(deps).then(
      (keys) => (loaded = keys),
      () => undefined,
    );
  });
  return {
    key: async () => (await load()).current,
    allKeys: async () => {
      const { current, former } = await load();
      return [current, ...former, ...(await keysOfKeychain(deps))];
    },
    get isFallback() {
      return loaded?.isFallback ?? false;
    },
  };
}

async function loadKeys(deps: SpoolKeyVaultDeps): Promise<Keys> {
  const path = join(deps.directory, FILE_NAME);
  const file = await readKeyFile(path);
  const aside = await readKeyFilesAside(path);
  try {
    const current = await keychainKey(deps);
    const former = file === undefined ? [] : await retire(deps, file, path);
    deps.problems.clear('noRecordingKey');
    deps.problems.clear('recordingKeyInFile');
    return { current, former: [...former, ...aside], isFallback: false };
  } catch (error) {
    const current = await fallbackKey(deps, file, path, error);
    const former = file === undefined || file.isOwnersAlone ? [] : file.keys;
    return { current, former: [...former, ...aside], isFallback: true };
  }
}

/** The keychain's key; a new one when there is none. */
async function keychainKey({ keychain }: SpoolKeyVaultDeps): Promise<Uint8Array> {
  const stored = decodeKey((await keychain.get(ACCOUNT))?.reveal());
  if (stored !== undefined) return stored;
  const key = randomBytes(KEY_BYTES);
  await store(keychain, ACCOUNT, key);
  return key;
}

/** A file's key goes into the keychain beside the one there, to open what it sealed, and its file goes. */
async function retire(
  { keychain, log }: SpoolKeyVaultDeps,
  { keys, isOwnersAlone }: KeyFile,
  path: string,
): Promise<readonly Uint8Array[]> {
  if (!isOwnersAlone) {
    log.warn('a recording key’s file is not this user’s alone: its key is used for nothing new', { file: FILE_NAME });
    return keys;
  }
  for (const key of keys) await store(keychain, `${ACCOUNT}-of-file-${createHash('sha256').update(key).digest('hex').slice(0, 8)}`, key);
  await removeFile(path);
  log.info('the recording key of the file is kept in the keychain now');
  return keys;
}

async function store(keychain: Keychain, account: string, key: Uint8Array): Promise<void> {
  const text = new Secret(encodeKey(key));
  await keychain.set(account, text);
  if (!(await keychain.get(account))?.equals(text)) throw new Error('the keychain did not keep the key');
}

/** Of every data directory: a folder may have been moved, and earlier versions had one name for all. They only open. */
async function keysOfKeychain({ keychain }: SpoolKeyVaultDeps): Promise<readonly Uint8Array[]> {
  const entries = await keychain.list(ACCOUNT).catch(() => new Map<string, Secret>()); // Away: what it has cannot be tried now.
  return [...entries.values()].map((entry) => decodeKey(entry.reveal())).filter((key) => key !== undefined);
}

const NO_KEY = 'Recordings cannot be sealed: the system’s keychain cannot be used. Nothing is recorded until it can be.';

async function fallbackKey(deps: SpoolKeyVaultDeps, file: KeyFile | undefined, path: string, cause: unknown): Promise<Uint8Array> {
  deps.log.warn('the keychain gives no recording key', { reason: describeError(cause), fallback: deps.fallback });
  if (deps.fallback === 'refuse') {
    deps.problems.raise('noRecordingKey', {});
    throw new StoreError('noKey', NO_KEY, cause);
  }
  const key = (file?.isOwnersAlone === true ? file.keys[0] : undefined) ?? (await writeKeyFile(deps, file, path));
  deps.problems.raise('recordingKeyInFile', {});
  return key;
}

async function writeKeyFile({ log }: SpoolKeyVaultDeps, former: KeyFile | undefined, path: string): Promise<Uint8Array> {
  if (former !== undefined) {
    log.warn('a recording key’s file is not this user’s alone, or damaged: put aside for a new one', { file: FILE_NAME });
    await putKeyFileAside(path);
  }
  const key = randomBytes(KEY_BYTES);
  await writeFileAtomically(path, `${encodeKey(key)}\n`);
  return key;
}
