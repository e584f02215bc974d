import type { Timers } from '../../lib/clock';
import { withDeadline } from '../../lib/deadline';
import { MessageBus, sessionBusPath } from '../../lib/message-bus';
import { XConnection } from '../../x11/x-connection';
import { XWindowRequests } from '../../x11/x-window-requests';

/** A bus and an X server that live answer in milliseconds. */
const DEADLINE_MS = 2000;
const WATCHER = { destination: 'org.kde.StatusNotifierWatcher', path: '/StatusNotifierWatcher' } as const;
/** What the window that shows the icons of X's screen 0 owns (freedesktop.org, *System Tray Protocol*). */
const XEMBED_TRAY = '_NET_SYSTEM_TRAY_S0';

interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly timers: Timers;
}

/**
 * Whether anything on this desktop shows tray icons at the moment. Windows and macOS always do. On Linux a panel says so on the session's
 * bus (StatusNotifierItem) or to the X server; one that does not say it within 2 s counts as none. Never rejects.
 */
export async function hasTrayPlace({ platform, env, timers }: Desktop): Promise<boolean> {
  if (platform !== 'linux') return true;
  const asked = [hasNotifierHost, hasXembedTray].map((ask) =>
    withDeadline(timers, { ms: DEADLINE_MS, tooLate: () => new Error('no answer') }, (signal) => ask(env, signal)),
  );
  return Promise.any(asked.map(yes)).catch(() => false);
}

async function yes(answer: Promise<boolean>): Promise<true> {
  if (await answer) return true;
  throw new Error('no');
}

async function hasNotifierHost(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<boolean> {
  const place = sessionBusPath(env);
  if (typeof place === 'string') return false;
  const bus = new MessageBus(place.path);
  signal.addEventListener('abort', () => bus.close());
  try {
    await bus.introduce();
    const reply = await bus.call({
      ...WATCHER,
      interface: 'org.freedesktop.DBus.Properties',
      member: 'Get',
      arguments: [WATCHER.destination, 'IsStatusNotifierHostRegistered'],
    });
    // Where there is no watcher the bus answers with an error.
    return reply.error === undefined && reply.value === true;
  } finally {
    bus.close();
  }
}

async function hasXembedTray({ DISPLAY: display = '' }: NodeJS.ProcessEnv, signal: AbortSignal): Promise<boolean> {
  if (display === '') return false;
  const x = await XConnection.open(display, { onEvent: () => undefined, onLost: () => undefined });
  signal.addEventListener('abort', () => x.close());
  try {
    return await (await XWindowRequests.on(x)).hasOwner(XEMBED_TRAY);
  } finally {
    x.close();
  }
}
