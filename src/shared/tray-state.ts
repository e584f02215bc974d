import type { Snapshot } from './snapshot';

/** What the tray's icon says at a glance. */
export const TRAY_STATES = ['signedOut', 'ready', 'recording', 'paused', 'queued', 'problem'] as const;
export type TrayState = (typeof TRAY_STATES)[number];

/**
 * The one icon for a snapshot. That the screen is recorded comes before everything: an agent must never be recorded unknowingly.
 * `starting` is not `recording`: no slice has arrived yet.
 */
export function trayStateOf({ session, recorder, uploads, problems }: Snapshot): TrayState {
  if (recorder.status === 'recording' || recorder.status === 'paused') return recorder.status;
  const isBroken = recorder.status === 'failed' || session.status === 'reconnecting' || session.status === 'expired';
  if (isBroken || problems.length > 0) return 'problem';
  if (recorder.status === 'finishing' || uploads.jobs.length > 0) return 'queued';
  return session.status === 'connected' ? 'ready' : 'signedOut';
}
