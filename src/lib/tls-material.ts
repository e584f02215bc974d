/** What an https server is started with. PEM texts, or a PFX. */
export type TlsMaterial =
  | { readonly key: string | Buffer; readonly cert: string | Buffer; readonly passphrase?: string }
  | { readonly pfx: Buffer; readonly passphrase?: string };
