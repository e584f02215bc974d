import type { Logger } from '../lib/logger';
import type { Snapshot } from '../shared/snapshot';

/** One log line per state transition, from the snapshots, so that it is written in one place. */
export function createTransitionLog(log: Logger): (snapshot: Snapshot) => void {
  const last = { session: 'signedOut', recorder: 'idle' };
  return ({ session, recorder, revision }) => {
    if (session.status !== last.session) {
      log.info('session changed', {
        from: last.session,
        to: session.status,
        revision,
        ...('reason' in session ? { reason: session.reason } : {}),
      });
      last.session = session.status;
    }
    if (recorder.status !== last.recorder) {
      const recordingId = 'recordingId' in recorder ? recorder.recordingId : undefined;
      log.info('recorder changed', {
        from: last.recorder,
        to: recorder.status,
        revision,
        recordingId,
        ...('reason' in recorder ? { reason: recorder.reason } : {}),
      });
      last.recorder = recorder.status;
    }
  };
}
