import type { Logger } from '../lib/logger';
import type { Recorder } from '../recorder/recorder-runner';
import type { SessionRunner } from '../session/session-runner';
import { describeError } from '../shared/errors';

/** The capture page is warm while an agent is signed in (the recorder keeps it so), so that the first frame comes at once; gone otherwise. */
export function warmWhileSignedIn(
  recorder: Pick<Recorder, 'warm' | 'cool'>,
  session: Pick<SessionRunner, 'state'>,
  log: Logger,
): () => void {
  let isWanted = false;
  return () => {
    const { status } = session.state();
    const shouldBeWarm = status === 'connected' || status === 'reconnecting';
    if (shouldBeWarm === isWanted) return;
    isWanted = shouldBeWarm;
    const change = shouldBeWarm ? recorder.warm() : recorder.cool();
    change.catch((error: unknown) => log.warn('the capture page did not follow the session', { reason: describeError(error) }));
  };
}
