import type { Problem } from '../shared/snapshot';
import type { UploadQueueState } from './upload-machine';

/** A link that is away for a while is normal life; longer, a person should know. */
const STUCK_AFTER_MS = 15 * 60_000;

/** The problem `uploadsStuck`, if there is one. @param damaged recordings that were put aside because they cannot be read */
export function findStuckUploads(state: UploadQueueState, damaged: number, now: number): Omit<Problem, 'since'> | undefined {
  const quarantined = state.entries.filter(({ job }) => job.quarantine !== undefined);
  const [first] = quarantined;
  if (first !== undefined) {
    return stuck(
      `RWS does not take ${count(quarantined.length)}: ${first.job.quarantine?.reason ?? ''}`,
      'They are kept on this computer. Remove the cause, then retry them from the status window or restart after "srs recordings retry".',
    );
  }
  if (damaged > 0) {
    return stuck(
      `The description of ${count(damaged)} on this computer is damaged.`,
      'They are kept in the folder spool/damaged of the data directory; ask your administrator to look at them.',
    );
  }
  if (state.failingSince === undefined || now - state.failingSince < STUCK_AFTER_MS) return undefined;
  const reason = state.entries.find(({ lastReason }) => lastReason !== undefined)?.lastReason ?? '';
  return stuck(
    `Recordings cannot be uploaded at present. ${reason}`,
    'Check the connection to RWS with "srs doctor". They are kept and tried again.',
  );
}

function stuck(text: string, remedy: string): Omit<Problem, 'since'> {
  return { code: 'uploadsStuck', text: text.trim(), remedy };
}

function count(recordings: number): string {
  return recordings === 1 ? 'one recording' : `${recordings} recordings`;
}
