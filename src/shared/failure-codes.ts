/** Why a recording or its upload failed, for programs: every code with its meaning. docs/failure-codes.md is generated from this. */
export const FAILURE_CODES = {
  busy: 'Another recording was running, and one is made at a time.',
  noPicture: 'It was stopped before the first picture.',
  noVideo: 'The encoder gave no video.',
  incomplete: 'It was recorded, but its end is missing.',
  brokenOff: 'The program or the computer ended while it was recorded; what is on the disk is uploaded.',
  captureRefused: 'The system does not let the screen be recorded.',
  captureNoSource: 'There was no screen to record.',
  captureEncoder: 'The encoder failed.',
  captureCrashed: 'The process that records crashed, again and again.',
  captureSourceEnded: 'The system ended the capture, again and again.',
  captureTimeout: 'The capture did not start in time.',
  captureMissing: 'Something that recording needs is not installed.',
  windowsUnknown: 'What has to be covered could not be told, so nothing was recorded.',
  captureFailed: 'The capture failed for another reason.',
  diskFull: 'The disk has less room than is left free.',
  spoolFull: 'Recordings that wait for their upload fill the room they may take.',
  diskFailed: 'The disk refused.',
  damaged: 'What was recorded cannot be read back.',
  noRecordingKey: 'There is no keychain, and a key in a file is not allowed.',
  uploadRefused: 'RWS refused it for good; it is kept.',
  uploadMismatched: 'RWS holds other bytes than were sent; the recording is kept.',
  uploadNotShown: 'RWS took it, but does not show that it has it; it is kept.',
  uploadTooOld: 'It could not be uploaded in the days it is tried; it is kept.',
} as const satisfies Readonly<Record<string, string>>;

export type FailureCode = keyof typeof FAILURE_CODES;

export const FAILURE_CODE_NAMES = Object.keys(FAILURE_CODES) as [FailureCode, ...FailureCode[]];
