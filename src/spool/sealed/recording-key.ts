import { randomBytes } from 'node:crypto';
import type { SpoolKeyVault } from '../ports';
import { createSealer, KEY_BYTES } from './sealer';
import { StoreError } from '../../recorder/store-error';

/** A recording's own key as it lies on disk: base64 of the key, sealed by a key of the vault; `null` when the spool is not encrypted. */
export type WrappedKey = string | null;

const LABEL = 'recording-key';

export interface RecordingKey {
  readonly key: Uint8Array | undefined;
  readonly wrapped: WrappedKey;
}

export async function createRecordingKey(vault: SpoolKeyVault, encrypt: boolean): Promise<RecordingKey> {
  if (!encrypt) return { key: undefined, wrapped: null };
  const key = randomBytes(KEY_BYTES);
  return {
    key,
    wrapped: createSealer(await vault.key())
      .seal(LABEL, key)
      .toString('base64'),
  };
}

/** Throws `StoreError` `noKey` when no key of the vault opens it: the keychain is away, or was replaced. */
export async function unwrapRecordingKey(vault: SpoolKeyVault, wrapped: WrappedKey): Promise<Uint8Array | undefined> {
  if (wrapped === null) return undefined;
  const sealed = Buffer.from(wrapped, 'base64');
  const key = openWith([await vault.key()], sealed) ?? openWith(await vault.allKeys(), sealed);
  if (key !== undefined) return key;
  throw new StoreError(
    'noKey',
    'A recording on this computer is sealed by a key that the system’s keychain does not give. Unlock the keychain of the user who recorded it.',
  );
}

function openWith(keys: readonly Uint8Array[], sealed: Buffer): Uint8Array | undefined {
  for (const key of keys) {
    try {
      return createSealer(key).open(LABEL, sealed);
    } catch {
      // Sealed by another key of the vault: the next one is tried.
    }
  }
  return undefined;
}
