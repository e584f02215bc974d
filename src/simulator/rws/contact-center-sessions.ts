import type { Device } from '../../shared/agent';

export interface ContactCenterSession {
  readonly since: string;
  readonly channels?: readonly string[] | undefined;
  readonly place?: string | undefined;
  readonly devices?: readonly Device[] | undefined;
}

/** Which agents have said StartContactCenterSession to one data centre. */
export class ContactCenterSessions {
  readonly #byUserName = new Map<string, ContactCenterSession>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  find(userName: string): ContactCenterSession | undefined {
    return this.#byUserName.get(userName);
  }

  start(userName: string, details: Omit<ContactCenterSession, 'since'>): void {
    this.#byUserName.set(userName, { ...details, since: new Date().toISOString() });
    this.#onChange();
  }

  end(userName: string): void {
    if (this.#byUserName.delete(userName)) this.#onChange();
  }

  endAll(): void {
    this.#byUserName.clear();
    this.#onChange();
  }
}
