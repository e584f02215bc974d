import type { CaptureFailure } from '../shared/capture-contract';
import { AppError } from '../shared/errors';

/** Thrown by a `ScreenCapture`; the message is what a person reads. */
export class CaptureError extends AppError {
  readonly failure: CaptureFailure;

  constructor(failure: CaptureFailure, message: string, cause?: unknown) {
    super('capture', message, { cause, isRetryable: failure !== 'permission' });
    this.failure = failure;
  }
}
