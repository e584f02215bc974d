import { existsSync } from 'node:fs';
import type { BusValue } from './bus-message';
import type { LookAtSession, SessionPlace } from './front-session';
import { MessageBus, systemBusPath } from './message-bus';

const SERVICE = 'org.freedesktop.login1';
const END_MS = 1_500;
const PROPERTIES = 'org.freedesktop.DBus.Properties';
/** Where processes outside of any session may be looked at (org.freedesktop.login1(5): the seat of the computer's own screen and keyboard). */
const FIRST_SEAT = 'seat0';

export interface LogindOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly uid: number;
}

/**
 * Linux: asks logind for the `State` of the session this process belongs to; a process outside of any session (a service of systemd's user
 * manager) goes by its user's. What is not active is `locked` unless another user's session is in front: a greeter or a lock screen
 * that is a session of its own (LightDM) is nobody. A session without a seat, such as ssh, is always in front. `undefined` without logind.
 */
export function lookAtLogind({ env, uid }: LogindOptions): LookAtSession {
  return async () => {
    const path = systemBusPath(env);
    if (path === undefined || (!path.startsWith('\0') && !existsSync(path))) return undefined;
    const bus = new MessageBus(path);
    // The look's deadline leaves it behind: it must end by itself.
    const end = setTimeout(() => bus.close(), END_MS);
    try {
      await bus.introduce();
      return await new Logind(bus, uid).placeOf(env['XDG_SESSION_ID']);
    } finally {
      clearTimeout(end);
      bus.close();
    }
  };
}

type ObjectKind = 'Session' | 'User' | 'Seat';

class Logind {
  readonly #bus: MessageBus;
  readonly #uid: number;

  constructor(bus: MessageBus, uid: number) {
    this.#bus = bus;
    this.#uid = uid;
  }

  async placeOf(sessionId: string | undefined): Promise<SessionPlace | undefined> {
    const session = sessionId ? await this.#pathOf('Session', sessionId) : undefined;
    const state = session === undefined ? undefined : await this.#property(session, 'Session', 'State');
    if (session === undefined || state === undefined) return this.#placeOfUser();
    const seat = await this.#property(session, 'Session', 'Seat');
    if (seat === '') return 'front';
    return this.#placeBy(state, String(seat ?? FIRST_SEAT));
  }

  async #placeOfUser(): Promise<SessionPlace | undefined> {
    // D-Bus writes a digit at the beginning of a path's part as its code.
    const digits = String(this.#uid);
    const path = `/org/freedesktop/login1/user/_${digits.charCodeAt(0).toString(16)}${digits.slice(1)}`;
    const state = await this.#property(path, 'User', 'State');
    return state === 'lingering' ? undefined : this.#placeBy(state, FIRST_SEAT);
  }

  /** @param state of a session or a user: both have these, and some that say nothing of who is in front. */
  async #placeBy(state: BusValue | undefined, seat: string): Promise<SessionPlace | undefined> {
    if (state === 'active' || state === 'opening') return 'front';
    if (state === 'closing') return 'background';
    if (state !== 'online') return undefined;
    return (await this.#isAnotherUserAt(seat)) ? 'background' : 'locked';
  }

  async #isAnotherUserAt(seatId: string): Promise<boolean> {
    const seat = await this.#pathOf('Seat', seatId);
    const active = seat === undefined ? undefined : await this.#property(seat, 'Seat', 'ActiveSession');
    const session = active ? await this.#pathOf('Session', String(active)) : undefined;
    if (session === undefined) return false;
    const sessionClass = String(await this.#property(session, 'Session', 'Class'));
    // Newer ones have kinds of it: user-early, user-light.
    if (!/^user(-|$)/.test(sessionClass)) return false;
    return (await this.#property(session, 'Session', 'User')) !== this.#uid;
  }

  async #pathOf(kind: ObjectKind, id: string): Promise<string | undefined> {
    const asked = {
      destination: SERVICE,
      path: '/org/freedesktop/login1',
      interface: `${SERVICE}.Manager`,
      member: `Get${kind}`,
      arguments: [id],
    };
    const { value } = await this.#bus.call(asked);
    return typeof value === 'string' ? value : undefined;
  }

  async #property(path: string, kind: ObjectKind, name: string): Promise<BusValue | undefined> {
    const asked = { destination: SERVICE, path, interface: PROPERTIES, member: 'Get', arguments: [`${SERVICE}.${kind}`, name] };
    return (await this.#bus.call(asked)).value;
  }
}
