import { existsSync } from 'node:fs';
import type { LookAtSession } from './front-session';
import { MessageBus, systemBusPath } from './message-bus';

const SERVICE = 'org.freedesktop.login1';
const END_MS = 1_500;
const PROPERTIES = 'org.freedesktop.DBus.Properties';
/** States of a user (org.freedesktop.login1(5), *User Objects*): on the seat in front, or signed in behind another one. */
const USER_STATES: Readonly<Record<string, boolean>> = { active: true, online: false };

export interface LogindOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly uid: number;
}

/**
 * Linux: asks logind whether the session this process belongs to is `Active`; a process outside of any session (a service of systemd's user
 * manager) goes by its user's `State`. A session without a seat, such as ssh, is always active. `undefined` without logind.
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
      return await isActive(bus, env['XDG_SESSION_ID'], uid);
    } finally {
      clearTimeout(end);
      bus.close();
    }
  };
}

async function isActive(bus: MessageBus, sessionId: string | undefined, uid: number): Promise<boolean | undefined> {
  const path = sessionId ? await sessionPath(bus, sessionId) : undefined;
  if (path !== undefined) {
    const active = await property(bus, path, 'Session', 'Active');
    if (typeof active === 'boolean') return active;
  }
  // D-Bus writes a digit at the beginning of a path's part as its code.
  const digits = String(uid);
  const state = await property(
    bus,
    `/org/freedesktop/login1/user/_${digits.charCodeAt(0).toString(16)}${digits.slice(1)}`,
    'User',
    'State',
  );
  return typeof state === 'string' ? USER_STATES[state] : undefined;
}

async function sessionPath(bus: MessageBus, sessionId: string): Promise<string | undefined> {
  const found = await bus.call({
    destination: SERVICE,
    path: '/org/freedesktop/login1',
    interface: `${SERVICE}.Manager`,
    member: 'GetSession',
    arguments: [sessionId],
  });
  return typeof found.value === 'string' ? found.value : undefined;
}

async function property(bus: MessageBus, path: string, kind: 'Session' | 'User', name: string): Promise<string | boolean | undefined> {
  const asked = { destination: SERVICE, path, interface: PROPERTIES, member: 'Get', arguments: [`${SERVICE}.${kind}`, name] };
  return (await bus.call(asked)).value;
}
