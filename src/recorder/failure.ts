import { isAppError } from '../shared/errors';
import { plainReason } from '../shared/plain-reason';
import type { RaisedProblem } from '../shared/problem-catalogue';
import type { CaptureCause } from '../shared/problem-remedies';
import { StoreError, type StoreFailure } from './store-error';
import { CaptureError } from '../screen/errors';
import type { CaptureEndReason } from '../screen/ports';
import type { Failure } from './recorder-state';

const SHOWN_OF_STORE: Readonly<Record<StoreFailure, (reason: string) => RaisedProblem>> = {
  diskFloor: () => ({ code: 'diskFloor', facts: 'full' }),
  spoolFull: (reason) => captureFailed(reason, 'disk'),
  noKey: () => ({ code: 'noRecordingKey', facts: {} }),
  damaged: (reason) => captureFailed(reason, 'damaged'),
  io: (reason) => captureFailed(reason, 'disk'),
};

/** What a failure means for the recorder and for a person. */
export function toFailure(error: unknown): Failure {
  const reason = plainReason(error);
  if (error instanceof CaptureError) {
    const { failure } = error;
    if (failure === 'windowsUnknown') {
      return { reason, problem: { code: failure, facts: { isRecorded: false } }, isPassing: false, isFinal: true };
    }
    const problem: RaisedProblem =
      failure === 'permission' ? { code: 'capturePermission', facts: { reason } } : captureFailed(reason, failure);
    return { reason, problem, isPassing: failure === 'crashed' || failure === 'sourceEnded' };
  }
  if (error instanceof StoreError) return { reason, problem: error.problem ?? SHOWN_OF_STORE[error.failure](reason), isPassing: false };
  return { reason, problem: captureFailed(reason, isAppError(error, 'dependencyMissing') ? 'missing' : 'other'), isPassing: false };
}

function captureFailed(reason: string, cause: CaptureCause): RaisedProblem {
  return { code: 'captureFailed', facts: { reason, cause } };
}

export function endToFailure({ code, message }: CaptureEndReason): Failure {
  return toFailure(new CaptureError(code, message));
}
