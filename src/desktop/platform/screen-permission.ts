import type { SystemPreferences } from 'electron';
import type { ProblemReporter } from '../../shared/problems';

/**
 * macOS lets nobody ask for screen recording: the first attempt to record makes the system ask, and what is refused stays refused until the
 * person changes it in the settings. So a refusal is shown at the start, not when the first recording is lost.
 */
export function reportScreenPermission(
  platform: NodeJS.Platform,
  systemPreferences: Pick<SystemPreferences, 'getMediaAccessStatus'>,
  problems: ProblemReporter,
): void {
  if (platform !== 'darwin') return;
  const status = systemPreferences.getMediaAccessStatus('screen');
  if (status !== 'denied' && status !== 'restricted') return;
  problems.raise({
    code: 'capturePermission',
    text: 'macOS does not let this program record the screen.',
    remedy: 'Allow it under Privacy & Security, Screen Recording, then restart the program.',
  });
}
