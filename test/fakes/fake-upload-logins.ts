import { Emitter } from '../../src/shared/emitter';
import type { StateReport } from '../../src/shared/recording';
import { isSameUserName } from '../../src/shared/same-name';
import type { RwsHttp } from '../../src/rws/ports';
import type { JobOwner, UploadLogin, UploadLogins } from '../../src/upload/ports';

export interface FakeLoginOptions {
  readonly userName: string;
  readonly http: RwsHttp;
  readonly contactCenterId?: string;
}

/** Logins a test signs in and out; the last one carries everybody's recordings unless `byAnyAgent` is off. */
export class FakeUploadLogins implements UploadLogins {
  readonly reports: StateReport[] = [];
  byAnyAgent = true;
  /** Whose servers are gone. */
  retired: (owner: JobOwner) => boolean = () => false;
  /** Uploads that hold a login now. */
  held = 0;
  readonly #logins = new Map<string, FakeLoginOptions>();
  readonly #changed = new Emitter<void>();

  signIn(login: FakeLoginOptions): void {
    this.#logins.set(login.userName, login);
    this.#changed.emit();
  }

  signOut(userName: string): void {
    this.#logins.delete(userName);
    this.#changed.emit();
  }

  isRetired(owner: JobOwner): boolean {
    return this.retired(owner);
  }

  find({ userName }: JobOwner): UploadLogin | undefined {
    const own = this.#logins.get(userName) ?? [...this.#logins.values()].find((login) => isSameUserName(login.userName, userName));
    const any = this.byAnyAgent ? [...this.#logins.values()].at(-1) : undefined;
    const login = own ?? any;
    if (login === undefined) return undefined;
    return { ...login, isOwn: own !== undefined, hold: () => this.#hold(), report: (report) => void this.reports.push(report) };
  }

  #hold(): () => void {
    this.held += 1;
    return () => void (this.held -= 1);
  }

  onChange(listener: () => void): () => void {
    return this.#changed.subscribe(listener);
  }
}
