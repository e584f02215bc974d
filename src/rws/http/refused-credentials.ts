import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../lib/clock';
import { Serial } from '../../lib/serial';
import type { Credentials } from '../ports';
import { RwsError } from '../../shared/rws-error';
import { foldUserName } from '../../shared/same-name';

/** Directories commonly lock an account after some refused tries within half an hour. */
const WINDOW_MS = 30 * 60_000;
/** The refusal itself, and one more: the password may have been right and the session gone. */
const MAX_IN_WINDOW = 2;
const MAX_KNOWN = 500;

export type BasicEncoding = 'utf8' | 'latin1';

/**
 * How often RWS refused credentials lately, whoever used them: sessions, uploads and reports, at either server (rws.md, *Whose login
 * carries an upload*). INVARIANT: after a refusal one more try goes out within 30 minutes, until a login or a person asks.
 * Holds digests under a key of this process, no credentials.
 */
export class RefusedCredentials {
  readonly #clock: Clock;
  readonly #key = randomBytes(32);
  readonly #known = new Map<string, CredentialTries>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of({ userName, password }: Credentials): CredentialTries {
    const digest = createHmac('sha256', this.#key)
      .update(`${foldUserName(userName)}\0${password.reveal()}`)
      .digest('base64');
    const known = this.#known.get(digest) ?? new CredentialTries(this.#clock);
    this.#known.delete(digest);
    this.#known.set(digest, known); // the last used is the last to be forgotten
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return known;
  }

  /** A person asks: everything may be tried again. */
  forgive(): void {
    for (const tries of this.#known.values()) tries.forgive();
  }
}

/** The tries with one user name and password. */
export class CredentialTries {
  /** In which RWS took them; `undefined`: not known. */
  encoding: BasicEncoding | undefined;
  readonly #clock: Clock;
  #isInDoubt = false;
  #refusedAt: readonly number[] = [];
  #turns = new Serial();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** RWS refused them, and has not taken them since: they are to be validated before anything else is sent with them. */
  get isInDoubt(): boolean {
    return this.#isInDoubt;
  }

  /** Would another refusal be one too many? */
  get isSpent(): boolean {
    return this.#recent().length >= MAX_IN_WINDOW;
  }

  noteRefused(): void {
    this.#isInDoubt = true;
    this.#refusedAt = [...this.#recent(), this.#clock.steady()];
  }

  noteAccepted(encoding: BasicEncoding): void {
    this.encoding = encoding;
    this.#isInDoubt = false;
    this.#refusedAt = [];
  }

  /** A login or a person asks. */
  forgive(): void {
    this.encoding = undefined;
    this.#isInDoubt = false;
    this.#refusedAt = [];
    this.#turns = new Serial();
  }

  /** Validates one after the other while in doubt, so that two at once do not cost two refusals. Throws `RwsError` when all tries are spent. */
  validate<T>(task: () => Promise<T>): Promise<T> {
    const attempt = async (): Promise<T> => {
      if (this.isSpent) throw notTriedAgain();
      return task();
    };
    return this.#isInDoubt ? this.#turns.run(attempt) : attempt();
  }

  #recent(): readonly number[] {
    const now = this.#clock.steady();
    this.#refusedAt = this.#refusedAt.filter((at) => now - at < WINDOW_MS);
    return this.#refusedAt;
  }
}

function notTriedAgain(): RwsError {
  return new RwsError({
    kind: 'unauthenticated',
    statusMessage:
      'RWS refused these credentials; so that the account is not locked, they are not tried again before half an hour is over.',
  });
}
