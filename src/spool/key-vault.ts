import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../lib/json-file';
import type { Keychain } from '../lib/keychain';
import type { Logger } from '../lib/logger';
import { Secret } from '../lib/secret';
import { describeError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';
import { SpoolError } from './errors';
import type { SpoolKeyVault } from './ports';
import { KEY_BYTES } from './sealer';

export interface SpoolKeyVaultDeps {
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
  readonly all: readonly Uint8Array[];
  readonly isFallback: boolean;
}

/**
 * The key that wraps the recordings' keys. INVARIANTS: a key that ever wrapped a recording is kept; a key file is only written when
 * the keychain cannot be reached and policy allows it, and goes into the keychain as soon as that has no key of its own.
 */
export function createSpoolKeyVault(deps: SpoolKeyVaultDeps): SpoolKeyVault {
  let loading: Promise<Keys> | undefined;
  let loaded: Keys | undefined;
  const load = async (): Promise<Keys> => {
    loading ??= loadKeys(deps);
    try {
      return (loaded = await loading);
    } catch (error) {
      loading = undefined; // The keychain may be unlocked later.
      throw error;
    }
  };
  return {
    key: async () => (await load()).current,
    allKeys: async () => (await load()).all,
    get isFallback() {
      return loaded?.isFallback ?? false;
    },
  };
}

async function loadKeys(deps: SpoolKeyVaultDeps): Promise<Keys> {
  const path = join(deps.directory, FILE_NAME);
  const fromFile = await readKeyFile(path);
  try {
    const current = await keychainKey(deps, fromFile, path);
    deps.problems.clear('noRecordingKey');
    deps.problems.clear('recordingKeyInFile');
    const isSame = fromFile === undefined || Buffer.compare(fromFile, current) === 0;
    return { current, all: isSame ? [current] : [current, fromFile], isFallback: false };
  } catch (error) {
    return fallbackKey(deps, fromFile, path, error);
  }
}

/** The keychain's key; made from the key file, or new, when there is none. */
async function keychainKey({ keychain, log }: SpoolKeyVaultDeps, fromFile: Uint8Array | undefined, path: string): Promise<Uint8Array> {
  const stored = decode((await keychain.get(ACCOUNT))?.reveal());
  if (stored !== undefined) return stored;
  const key = fromFile ?? randomBytes(KEY_BYTES);
  const text = new Secret(encode(key));
  await keychain.set(ACCOUNT, text);
  if (!(await keychain.get(ACCOUNT))?.equals(text)) throw new Error('the keychain did not keep the key');
  if (fromFile !== undefined) {
    await rm(path, { force: true });
    log.info('the recording key moved from its file into the keychain');
  }
  return key;
}

async function fallbackKey(deps: SpoolKeyVaultDeps, fromFile: Uint8Array | undefined, path: string, cause: unknown): Promise<Keys> {
  deps.log.warn('the keychain gives no recording key', { reason: describeError(cause), fallback: deps.fallback });
  if (deps.fallback === 'refuse') {
    const text = 'Recordings cannot be sealed: the system’s keychain cannot be reached.';
    deps.problems.raise({ code: 'noRecordingKey', text, remedy: 'Unlock or install the keychain, or set spool.keyFallback to "file".' });
    throw new SpoolError('noKey', `${text} Nothing is recorded until it can be.`, cause);
  }
  deps.problems.raise({
    code: 'recordingKeyInFile',
    text: 'The system’s keychain cannot be reached: recordings are sealed with a key that lies in an owner-only file.',
    remedy: 'Unlock or install the keychain and start the service again.',
  });
  const current = fromFile ?? randomBytes(KEY_BYTES);
  if (fromFile === undefined) await writeFileAtomically(path, `${encode(current)}\n`);
  return { current, all: [current], isFallback: true };
}

async function readKeyFile(path: string): Promise<Uint8Array | undefined> {
  try {
    return decode(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function encode(key: Uint8Array): string {
  return Buffer.from(key).toString('base64');
}

function decode(text: string | undefined): Uint8Array | undefined {
  const key = Buffer.from(text?.trim() ?? '', 'base64');
  return key.length === KEY_BYTES ? key : undefined;
}
