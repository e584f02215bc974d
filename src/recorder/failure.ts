import { isAppError } from '../shared/errors';
import type { FailureCode } from '../shared/failure-codes';
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

const CODE_OF_STORE: Readonly<Record<StoreFailure, FailureCode>> = {
  diskFloor: 'diskFull',
  spoolFull: 'spoolFull',
  noKey: 'noRecordingKey',
  damaged: 'damaged',
  io: 'diskFailed',
};

const CODE_OF_CAPTURE: Readonly<Record<CaptureError['failure'], FailureCode>> = {
  permission: 'captureRefused',
  windowsUnknown: 'windowsUnknown',
  noSource: 'captureNoSource',
  encoder: 'captureEncoder',
  crashed: 'captureCrashed',
  sourceEnded: 'captureSourceEnded',
  timeout: 'captureTimeout',
};

/** What a failure means for the recorder and for a person. */
export function toFailure(error: unknown): Failure {
  const reason = plainReason(error);
  if (error instanceof CaptureError) {
    const { failure } = error;
    if (failure === 'windowsUnknown') {
      return { reason, code: failure, problem: { code: failure, facts: { isRecorded: false } }, isPassing: false, isFinal: true };
    }
    const problem: RaisedProblem =
      failure === 'permission' ? { code: 'capturePermission', facts: { reason } } : captureFailed(reason, failure);
    return { reason, code: CODE_OF_CAPTURE[failure], problem, isPassing: failure === 'crashed' || failure === 'sourceEnded' };
  }
  if (error instanceof StoreError) {
    const { failure, problem = SHOWN_OF_STORE[failure](reason) } = error;
    return { reason, code: CODE_OF_STORE[failure], problem, isPassing: false };
  }
  const isMissing = isAppError(error, 'dependencyMissing');
  const problem = captureFailed(reason, isMissing ? 'missing' : 'other');
  return { reason, code: isMissing ? 'captureMissing' : 'captureFailed', problem, isPassing: false };
}

function captureFailed(reason: string, cause: CaptureCause): RaisedProblem {
  return { code: 'captureFailed', facts: { reason, cause } };
}

export function endToFailure({ code, message }: CaptureEndReason): Failure {
  return toFailure(new CaptureError(code, message));
}
