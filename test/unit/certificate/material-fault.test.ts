import { materialFault, type MaterialFault } from '../../../src/certificate/material-fault';

/** As they were seen: Node has OpenSSL, Electron BoringSSL. */
describe('materialFault', () => {
  test.each<[string, string | undefined, MaterialFault | undefined]>([
    ['mac verify failure', undefined, 'passphrase'],
    ['INCORRECT_PASSWORD', undefined, 'passphrase'],
    ['bad decrypt', undefined, 'passphrase'],
    ['error:1C800064:Provider routines::bad decrypt', 'ERR_OSSL_BAD_DECRYPT', 'passphrase'],
    ['error:1e000065:Cipher functions:OPENSSL_internal:BAD_DECRYPT', 'ERR_OSSL_BAD_DECRYPT', 'passphrase'],
    ['error:07880109:common libcrypto routines::interrupted or cancelled', 'ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED', 'passphrase'],
    ['Unsupported PKCS12 PFX data', 'ERR_CRYPTO_UNSUPPORTED_OPERATION', 'oldCiphers'],
    ['error:0308010C:digital envelope routines::unsupported', 'ERR_OSSL_EVP_UNSUPPORTED', 'oldCiphers'],
    ['Unable to load private key from PFX data', 'ERR_CRYPTO_OPERATION_FAILED', 'noKey'],
    ['not enough data', undefined, 'notPfx'],
    ['BAD_PKCS12_DATA', undefined, 'notPfx'],
    ['error:05800074:x509 certificate routines::key values mismatch', 'ERR_OSSL_X509_KEY_VALUES_MISMATCH', undefined],
  ])('%s (%s) is %s', (message, code, fault) => {
    expect(materialFault(Object.assign(new Error(message), { code }))).toBe(fault);
  });
});
