import { describeError } from '../shared/errors';

/** What is wrong with a key, certificate or PFX, as far as its fault has a remedy of its own. */
export type MaterialFault = 'passphrase' | 'oldCiphers' | 'noKey' | 'notPfx';

/** The words of OpenSSL (Node) and of BoringSSL (Electron), which have few codes. */
const WORDS: readonly (readonly [MaterialFault, RegExp])[] = [
  [
    'oldCiphers',
    /unsupported pkcs12 pfx data|OSSL_EVP_UNSUPPORTED|unsupported_?(cipher|algorithm|prf|key_derivation)|unknown_?(cipher|hash)/i,
  ],
  ['passphrase', /mac verify failure|interrupted|bad.?decrypt|(bad|incorrect).?password|passphrase/i],
  ['noKey', /unable to load private key from pfx/i],
  ['notPfx', /not enough data|bad_pkcs12_data|wrong tag|asn1 encoding/i],
];

/** `passphrase`: none was given, or it was wrong; the two look the same. */
export function materialFault(error: unknown): MaterialFault | undefined {
  const text = `${describeError(error)} ${String((error as { code?: unknown } | undefined)?.code)}`;
  return WORDS.find(([, words]) => words.test(text))?.[0];
}

/** What was found and what to do, as the rest of a sentence that begins with the file's name. */
export function describeMaterialFault(error: unknown, isPfx: boolean): string {
  const fault = materialFault(error);
  if (fault === 'oldCiphers') {
    const found = 'is encrypted with ciphers that this program no longer reads (RC2 or DES, as older Windows versions export)';
    return `${found}. ${remedyOfOldCiphers(isPfx)}`;
  }
  if (fault === 'passphrase') {
    return 'is not opened by the passphrase in the keychain. Store the right one with "srs certificate passphrase".';
  }
  if (fault === 'noKey') return 'holds no private key. Export the certificate together with its private key.';
  if (fault === 'notPfx' && isPfx) {
    return 'cannot be used for https: it is damaged, or no PFX. PEM files belong into https.certificate and https.key.';
  }
  return `cannot be used for https: ${describeError(error)}. Check that key and certificate belong together.`;
}

function remedyOfOldCiphers(isPfx: boolean): string {
  if (!isPfx) return 'Convert the key: openssl pkcs8 -topk8 -v2 aes256 -in old.key -out new.key -provider legacy -provider default';
  return (
    'Export it again with the encryption AES256-SHA256, or convert it: ' +
    'openssl pkcs12 -legacy -in old.pfx -out all.pem && openssl pkcs12 -export -in all.pem -out new.pfx'
  );
}
