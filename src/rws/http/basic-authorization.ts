import type { Credentials } from '../ports';
import type { CredentialTries } from './refused-credentials';

/**
 * The `Authorization` header. UTF-8; when RWS refuses non-ASCII credentials that way, once as Latin-1 (rws.md, *Conventions*).
 * INVARIANT: Latin-1 is tried at most once, and never after UTF-8 was accepted, so that a wrong password cannot lock the account faster.
 */
export class BasicAuthorization {
  readonly #credentials: Credentials;
  readonly #tries: CredentialTries;
  #encoding: 'utf8' | 'latin1';
  #isSettled: boolean;

  constructor(credentials: Credentials, tries: CredentialTries) {
    this.#credentials = credentials;
    this.#tries = tries;
    this.#encoding = tries.encoding ?? 'utf8';
    this.#isSettled = tries.encoding !== undefined || !needsLatin1(`${credentials.userName}${credentials.password.reveal()}`);
  }

  get header(): string {
    const pair = `${this.#credentials.userName}:${this.#credentials.password.reveal()}`;
    return `Basic ${Buffer.from(pair, this.#encoding).toString('base64')}`;
  }

  /** RWS took the credentials as they are encoded now. */
  accepted(): void {
    this.#isSettled = true;
  }

  /** RWS validated them as they are encoded now. */
  validated(): void {
    this.accepted();
    this.#tries.noteAccepted(this.#encoding);
  }

  /** RWS refused them: `true` when another encoding is worth one more try. */
  refused(): boolean {
    this.#tries.noteRefused();
    if (this.#isSettled || this.#tries.isSpent) return false;
    this.#isSettled = true;
    this.#encoding = 'latin1';
    return true;
  }
}

function needsLatin1(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  return codes.some((code) => code > 0x7f) && codes.every((code) => code <= 0xff);
}
