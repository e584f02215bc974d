/** What an administrator does against each kind of two problems that have many. */

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

export type StuckCause = 'refused' | 'damaged' | 'disk' | 'retired' | 'loginRefused' | 'noContactCenter' | 'unreachable' | 'overdue';

export const STUCK_REMEDIES: Readonly<Record<StuckCause, string>> = {
  refused: 'They are kept on this computer. Remove the cause, then retry them from the status window or with "srs recordings retry".',
  damaged:
    'They are kept in the folder spool/damaged of the data directory: "srs recordings list" shows them, "srs recordings export" saves their video.',
  disk: 'Have the disk looked at, and the rights to the data directory. What was recorded is kept and tried again every 15 s.',
  retired:
    'They are kept. Configure or allow that server, then have the agent sign in there, or keep them elsewhere with "srs recordings export".',
  loginRefused: 'Sign in again with the current password, or have the account looked at. They are kept and tried again.',
  noContactCenter: 'Have the agent assigned to a contact centre in RWS, then sign in again. They are kept until then.',
  unreachable: 'Check the connection to RWS with "srs doctor". They are kept and tried again.',
  overdue: 'They are kept. Let that agent sign in, or keep them elsewhere with "srs recordings export".',
};
