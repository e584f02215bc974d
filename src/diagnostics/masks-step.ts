import { reasonsByWindow } from '../masks/covered-desk';
import type { OpenVisibleWindows } from '../masks/ports';
import { readDesk } from '../masks/read-desk';
import { describeError } from '../shared/errors';
import { hasMasks, type MaskRules } from '../shared/mask-rules';
import { failed, ok, skipped, type StepResult } from './step';

const NAME = 'masks';
const REMEDIES = {
  windows: 'Run it in the agent’s own session, on the desktop that is shown.',
  others: 'Use an X11 session on agents’ PCs.',
} as const;

/** Whether the windows that are to be covered can be told from the others. */
export async function masksStep(rules: MaskRules, open: OpenVisibleWindows, platform: NodeJS.Platform): Promise<StepResult> {
  if (!hasMasks(rules)) return skipped(NAME, 'No rule covers a window (recording.masks).');
  try {
    const { windows } = await readDesk(open);
    const covered = reasonsByWindow(windows, rules).size;
    return ok(NAME, `The windows can be read: ${windows.length} now, ${covered} of them covered. "srs masks test" lists them.`);
  } catch (error) {
    const effect = rules.maskFailure === 'cover' ? 'every recording is covered wholly' : 'nothing is recorded';
    return failed(
      NAME,
      `The windows cannot be read, so ${effect}: ${describeError(error)}`,
      REMEDIES[platform === 'win32' ? 'windows' : 'others'],
    );
  }
}
