/** One telephone device of the agent: directory number and the switch it belongs to (Client Login API, `devices`). */
export interface Device {
  readonly dn: string;
  readonly switch: string;
}

/** What views may know of the agent who is signed in. Never holds a credential. */
export interface AgentView {
  readonly userName: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly place?: string;
  readonly devices: readonly Device[];
}
