import { XMonitors } from './x-monitors';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the session is a Wayland one, by either of the variables that say so: the display that `DISPLAY` names is Xwayland's then. */
export function isWaylandSession(env: Environment): boolean {
  return Boolean(env['WAYLAND_DISPLAY']) || (env['XDG_SESSION_TYPE'] ?? '').startsWith('wayland');
}

/** Whether Chromium asks the compositor for the screen, which asks the agent; it wants both variables for that, and else takes the X display. */
export function asksTheCompositor(env: Environment): boolean {
  return Boolean(env['WAYLAND_DISPLAY']) && (env['XDG_SESSION_TYPE'] ?? '').startsWith('wayland');
}

/** Whether an X server is Xwayland, which has the windows of X programs and no others. Throws `AppError` `dependencyMissing` when it cannot be asked. */
export async function isXwayland(display: string): Promise<boolean> {
  const x = await XMonitors.open(
    display,
    () => undefined,
    () => undefined,
  );
  try {
    return await x.isXwayland();
  } finally {
    x.close();
  }
}
