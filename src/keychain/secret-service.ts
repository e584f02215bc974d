import { describeError } from '../shared/errors';
import type { KeychainSight, LookAtKeychain } from './ports';
import { BUS, MessageBus, sessionBusPath } from '../lib/message-bus';

/** A bus and a service that live answer in milliseconds. */
const LOOK_DEADLINE_MS = 2000;
const SERVICE = 'org.freedesktop.secrets';
const SERVICE_PATH = '/org/freedesktop/secrets';
/** What the alias names when there is no such keyring: the first entry would ask a person to make one. */
const NO_KEYRING = '/';

/** Looks at the Secret Service (freedesktop.org, *Secret Service API*) without asking it for anything that a person would have to allow. */
export function lookAtSecretService(env: NodeJS.ProcessEnv): LookAtKeychain {
  return async () => {
    const place = sessionBusPath(env);
    if (place === 'none') return { status: 'unreachable', mark: 'no bus' };
    if (place === 'elsewhere') return { status: 'unknown', mark: 'another bus' };
    return withinDeadline(place.path);
  };
}

async function withinDeadline(path: string): Promise<KeychainSight> {
  const bus = new MessageBus(path);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<KeychainSight>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'silent', mark: 'silent' }), LOOK_DEADLINE_MS);
  });
  const looked = look(bus).catch((error: unknown): KeychainSight => ({ status: 'unreachable', mark: describeError(error) }));
  try {
    return await Promise.race([late, looked]);
  } finally {
    clearTimeout(timer);
    bus.close();
  }
}

async function look(bus: MessageBus): Promise<KeychainSight> {
  await bus.introduce();
  const owner = await bus.call({ ...BUS, member: 'GetNameOwner', arguments: [SERVICE] });
  if (typeof owner.value !== 'string') return { status: 'absent', mark: 'absent' };
  const keyring = await bus.call({
    destination: SERVICE,
    path: SERVICE_PATH,
    interface: 'org.freedesktop.Secret.Service',
    member: 'ReadAlias',
    arguments: ['default'],
  });
  if (typeof keyring.value !== 'string') return { status: 'unknown', mark: `unknown ${owner.value}` };
  if (keyring.value === NO_KEYRING) return { status: 'locked', mark: `none ${owner.value}` };
  const locked = await bus.call({
    destination: SERVICE,
    path: keyring.value,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    arguments: ['org.freedesktop.Secret.Collection', 'Locked'],
  });
  const status = locked.value === true ? 'locked' : locked.value === false ? 'open' : 'unknown';
  return { status, mark: `${status} ${owner.value} ${keyring.value}` };
}
