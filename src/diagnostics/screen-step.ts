import { describeError } from '../shared/errors';
import { isWaylandSession, isXwayland } from '../x11/wayland';
import { failed, ok, warning, type StepResult } from './step';

const NAME = 'screen';
const WAYLAND =
  'The tray application asks the agent at every recording which screen to share; the headless service records the windows of X programs only.';
const USE_X11 = 'Use an X11 session on agents’ PCs.';

/** Whether there is a screen that can be recorded, and all of it. On Linux the X display is really opened. */
export async function screenStep(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<StepResult> {
  if (platform === 'darwin') {
    return warning(
      NAME,
      'Whether the screen may be recorded is known to the application only.',
      'Open System Settings, Privacy & Security, Screen & System Audio Recording, and allow Screen Recording Service.',
    );
  }
  if (platform !== 'linux') return ok(NAME, 'This system needs no permission to record the screen.');
  if (isWaylandSession(env)) return warning(NAME, `A Wayland session. ${WAYLAND}`, USE_X11);
  const display = env['DISPLAY'];
  if (!display) return failed(NAME, 'No display: DISPLAY is not set.', 'Run inside the agent’s session, or with --virtual-display.');
  return xDisplayStep(display);
}

async function xDisplayStep(display: string): Promise<StepResult> {
  try {
    if (await isXwayland(display)) return warning(NAME, `The X display ${display} belongs to a Wayland session. ${WAYLAND}`, USE_X11);
    return ok(NAME, `The X display ${display} is recorded.`);
  } catch (error) {
    const remedy = 'Run inside the agent’s session, with the DISPLAY and XAUTHORITY it has.';
    return failed(NAME, `The X display ${display} cannot be opened: ${describeError(error)}`, remedy);
  }
}
