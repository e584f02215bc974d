import { AppError } from '../shared/errors';

/**
 * - `permission`: the system or the person refused to show the screen
 * - `noSource`: there is no display to record
 * - `encoder`: no codec works, or it broke
 * - `crashed`: the capture page is gone
 * - `sourceEnded`: the display stopped delivering
 * - `timeout`: the capture page did not answer
 */
export type CaptureFailure = 'permission' | 'noSource' | 'encoder' | 'crashed' | 'sourceEnded' | 'timeout';

/** Thrown by a `ScreenCapture`; the message is what a person reads. */
export class CaptureError extends AppError {
  readonly failure: CaptureFailure;

  constructor(failure: CaptureFailure, message: string, cause?: unknown) {
    super('capture', message, { cause, isRetryable: failure !== 'permission' });
    this.failure = failure;
  }
}
