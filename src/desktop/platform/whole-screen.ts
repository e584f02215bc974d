import { reportWholeScreen } from '../../screen/whole-screen';
import type { ProblemReporter } from '../../shared/problems';
import { asksTheCompositor, isWaylandSession, isXwayland } from '../../x11/wayland';

export interface WholeScreenDeps {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly problems: ProblemReporter;
}

/** On Linux: says so when the X display is recorded that a Wayland session keeps for X programs. Where the compositor is asked, the agent chooses. */
export async function reportPartOfScreen({ platform, env, problems }: WholeScreenDeps): Promise<void> {
  const display = env['DISPLAY'];
  if (platform !== 'linux' || !display || asksTheCompositor(env)) return;
  // A display that does not answer is a failed recording, which says so itself.
  const isPart = isWaylandSession(env) || (await isXwayland(display).catch(() => false));
  if (isPart) reportWholeScreen(problems, false);
}
