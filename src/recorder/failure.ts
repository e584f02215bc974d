import type { CaptureFailure } from '../shared/capture-contract';
import { isAppError } from '../shared/errors';
import { plainReason } from '../shared/plain-reason';
import type { ProblemCode } from '../shared/snapshot';
import { StoreError, type StoreFailure } from './store-error';
import { CaptureError } from '../screen/errors';
import type { CaptureEndReason } from '../screen/ports';
import type { Failure } from './recorder-state';

interface Shown {
  readonly problem: ProblemCode;
  /** When it is given up. */
  readonly remedy: string;
  /** While it is tried again; absent: the same. */
  readonly remedyMeanwhile?: string;
}

const CAPTURE: Readonly<Record<CaptureFailure, Shown>> = {
  permission: {
    problem: 'capturePermission',
    remedy: 'Allow this program to record the screen in the settings of the system, then start it again.',
  },
  noSource: { problem: 'captureFailed', remedy: 'Check that a display is connected and switched on, and that the desktop is unlocked.' },
  encoder: { problem: 'captureFailed', remedy: 'Restart this program; if it stays, update it and the graphics driver.' },
  crashed: {
    problem: 'captureFailed',
    remedy: 'Restart this program; if it stays, update it and the graphics driver.',
    remedyMeanwhile: 'Nothing now: it is started again. If it stays, restart this program.',
  },
  sourceEnded: {
    problem: 'captureFailed',
    remedy: 'Check the displays, then restart this program.',
    remedyMeanwhile: 'Nothing now: it is started again. If it stays, check the displays.',
  },
  timeout: {
    problem: 'captureFailed',
    remedy: 'If the system asks whether the screen may be recorded, answer it; otherwise restart this program.',
    remedyMeanwhile: 'Nothing now: it is started again. If the system asks whether the screen may be recorded, answer it.',
  },
};

const SPOOL: Readonly<Record<StoreFailure, Shown>> = {
  diskFloor: { problem: 'diskFloor', remedy: 'Free disk space.' },
  spoolFull: { problem: 'spoolFull', remedy: 'See why recordings are not uploaded, or raise spool.maxMegabytes.' },
  noKey: { problem: 'noRecordingKey', remedy: 'Unlock or install the keychain of the system, or allow spool.keyFallback "file".' },
  damaged: { problem: 'captureFailed', remedy: 'Check the disk.' },
  io: { problem: 'captureFailed', remedy: 'Check the disk and the rights on the data folder.' },
};

/** What a failure means for the recorder and for a person. */
export function toFailure(error: unknown): Failure {
  if (error instanceof CaptureError) {
    return {
      reason: plainReason(error),
      ...CAPTURE[error.failure],
      isPassing: error.failure === 'crashed' || error.failure === 'sourceEnded',
    };
  }
  if (error instanceof StoreError) return { reason: plainReason(error), ...SPOOL[error.failure], isPassing: false };
  const remedy = isAppError(error, 'dependencyMissing')
    ? 'Install what is missing, see "srs doctor".'
    : 'Restart this program; see its log.';
  return { reason: plainReason(error), problem: 'captureFailed', remedy, isPassing: false };
}

export function endToFailure({ code, message }: CaptureEndReason): Failure {
  return toFailure(new CaptureError(code, message));
}
