import type { ProblemReporter } from '../shared/problems';

/** Shows, or takes back, that a recording lacks a part of what the agent sees. */
export function reportWholeScreen(problems: ProblemReporter, isWhole: boolean): void {
  if (isWhole) {
    problems.clear('screenIncomplete');
    return;
  }
  problems.raise({
    code: 'screenIncomplete',
    text: 'Only the windows of X programs are recorded: this is a Wayland session, and the X display shows no others.',
    remedy: 'Use an X11 (Xorg) session on agents’ PCs.',
  });
}
