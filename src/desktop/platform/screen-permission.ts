import type { SystemPreferences } from 'electron';
import type { ProblemReporter } from '../../shared/problems';

export interface ScreenPermissionDeps {
  readonly platform: NodeJS.Platform;
  readonly systemPreferences: Pick<SystemPreferences, 'getMediaAccessStatus'>;
  /** Any attempt to look at the screen. */
  readonly tryOnce: () => Promise<unknown>;
  readonly problems: ProblemReporter;
}

/**
 * macOS lets nobody ask for screen recording: the first attempt makes the system ask and puts the program on its list, and what is refused
 * stays refused until the person changes it there. So the attempt is made, and a refusal shown, at the start, not with the first recording.
 */
export async function reportScreenPermission({ platform, systemPreferences, tryOnce, problems }: ScreenPermissionDeps): Promise<void> {
  if (platform !== 'darwin') return;
  const isRefused = (): boolean => systemPreferences.getMediaAccessStatus('screen') !== 'granted';
  if (!isRefused()) return;
  await tryOnce().catch(() => undefined); // refused, as was to be expected
  if (!isRefused()) return;
  problems.raise('capturePermission', {});
}
