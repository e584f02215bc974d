import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { StoreError } from '../../recorder/store-error';

const CIPHER = 'aes-256-gcm';
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What sealing adds to a piece: nonce before it, tag behind it. */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES;

/**
 * Seals pieces of one recording. INVARIANTS: every seal takes a fresh random nonce; the label (what the piece is, of which media,
 * at which place) is authenticated with it, so that a piece moved, repeated or taken from another recording does not open.
 */
export interface Sealer {
  seal(label: string, clear: Uint8Array): Buffer;
  /** Throws `StoreError` `damaged` when the bytes are not what was sealed under this label. */
  open(label: string, sealed: Uint8Array): Buffer;
}

/** @param key 32 bytes; `undefined` for `spool.encrypt: false`: the same layout, clear, with a digest instead of the tag */
export function createSealer(key: Uint8Array | undefined): Sealer {
  return key === undefined ? plainSealer : encryptingSealer(key);
}

function encryptingSealer(key: Uint8Array): Sealer {
  return {
    seal(label, clear) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce);
      cipher.setAAD(Buffer.from(label));
      return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
    },
    open(label, sealed) {
      const { nonce, content, tag } = split(label, sealed);
      const decipher = createDecipheriv(CIPHER, key, nonce);
      decipher.setAAD(Buffer.from(label));
      decipher.setAuthTag(tag);
      try {
        const clear = decipher.update(content);
        decipher.final();
        return clear;
      } catch (error) {
        throw damaged(label, error);
      }
    },
  };
}

const plainSealer: Sealer = {
  seal: (label, clear) => Buffer.concat([Buffer.alloc(NONCE_BYTES), clear, digest(label, clear)]),
  open(label, sealed) {
    const { content, tag } = split(label, sealed);
    if (!timingSafeEqual(digest(label, content), tag)) throw damaged(label);
    return Buffer.from(content);
  },
};

function split(label: string, sealed: Uint8Array): { nonce: Buffer; content: Buffer; tag: Buffer } {
  if (sealed.byteLength < SEAL_BYTES) throw damaged(label);
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  return {
    nonce: bytes.subarray(0, NONCE_BYTES),
    content: bytes.subarray(NONCE_BYTES, -TAG_BYTES),
    tag: bytes.subarray(-TAG_BYTES),
  };
}

function digest(label: string, clear: Uint8Array): Buffer {
  return createHash('sha256').update(label).update('\0').update(clear).digest().subarray(0, TAG_BYTES);
}

function damaged(label: string, cause?: unknown): StoreError {
  return new StoreError(
    'damaged',
    `Sealed bytes (${label}) do not open: the file was changed or damaged, or belongs to another key.`,
    cause,
  );
}
