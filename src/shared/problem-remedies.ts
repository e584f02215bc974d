/** What an administrator does against each kind of a failed capture. */

export type CaptureCause = 'noSource' | 'encoder' | 'crashed' | 'sourceEnded' | 'timeout' | 'damaged' | 'disk' | 'missing' | 'other';

interface CaptureRemedy {
  /** When it is given up. */
  readonly remedy: string;
  /** While it is tried again; absent: the same. */
  readonly meanwhile?: string;
}

const UPDATE = 'Restart this program; if it stays, update it and the graphics driver.';

export const CAPTURE_REMEDIES: Readonly<Record<CaptureCause, CaptureRemedy>> = {
  noSource: { remedy: 'Check that a display is connected and switched on, and that the desktop is unlocked.' },
  encoder: { remedy: UPDATE },
  crashed: { remedy: UPDATE, meanwhile: 'Nothing now: it is started again. If it stays, restart this program.' },
  sourceEnded: {
    remedy: 'Check the displays, then restart this program.',
    meanwhile: 'Nothing now: it is started again. If it stays, check the displays.',
  },
  timeout: {
    remedy: 'If the system asks whether the screen may be recorded, answer it; otherwise restart this program.',
    meanwhile: 'Nothing now: it is started again. If the system asks whether the screen may be recorded, answer it.',
  },
  damaged: { remedy: 'Check the disk.' },
  disk: { remedy: 'Check the disk and the rights on the data folder.' },
  missing: { remedy: 'Install what is missing, see "srs doctor".' },
  other: { remedy: 'Restart this program; see its log.' },
};
