import { FAULT, type LogEvents } from './declaration';

const KEPT = 'Nothing is lost: it is kept and tried again.';

export const SPOOL_EVENTS = {
  info: {
    'an interrupted recording was saved': 'The program had ended in the middle; `segments` are uploaded now.',
    'recording ready for upload': 'A segment is an MP4 of `bytes` and `durationMs`, and waits for its upload.',
    'the recording key of the file is kept in the keychain now': 'The keychain is back; new recordings use a key that never lay in a file.',
    'a recording is unsealed for export': '`srs recordings export` wrote `mediaId` in clear, by `userName`.',
  },
  warn: {
    'the room in the spool could not be looked at': 'Looked at again.',
    'the disk has no room for the spool: it is tried again': 'See the problem `diskFloor`.',
    'no recording key yet': 'The keychain gives none; see the problem `noRecordingKey`.',
    'a file that is not needed any more could not be removed': 'Tried again.',
    'a damaged file could not be put aside': 'Tried again.',
    'a journal entry could not be brought up to date': KEPT,
    'the journal entry could not be brought up to date': KEPT,
    'a torn slice was dropped': 'The program or the computer ended while it was written: `bytes`, less than a second as a rule.',
    'a segment holds no video: nothing to upload': 'It ended before its first picture.',
    'a recording key’s file is not this user’s alone: its key is used for nothing new':
      'Somebody else may know it. Find out who changed the file’s rights.',
    'a recording key’s file is not this user’s alone, or damaged: put aside for a new one': 'It still opens what it sealed.',
    'the keychain gives no recording key': '`fallback` says what is done: a key in a file, or no recording.',
  },
  error: {
    'a listener of the spool failed': FAULT,
    'video that its journal entry does not name was put aside':
      'An older entry came back after a power cut, or somebody changed it. See `uploadsStuck`.',
    'unfinished recordings could not be looked through': KEPT,
    'a recording’s sidecar could not be read now: left there and tried again': KEPT,
    'a recording’s sidecar cannot be read: put aside': 'It is shown as quarantined; its media is kept.',
    'the remux worker died: keeping the raw material': 'See the problem `remuxFailed`; it is tried again.',
    'an interrupted recording could not be finished: kept for another try': KEPT,
    'a recording folder without journal entry was put aside': 'It cannot be told what it is of; it is kept in the spool’s folder.',
    'a journal entry cannot be read: its recording was put aside': 'It is kept in the spool’s folder.',
    'a recording is damaged on the disk: its slices are kept':
      '`lostSlices` do not match their seal: a bad disk, or somebody changed them.',
    'a recording could not be made an MP4: kept as it is': 'See the problem `remuxFailed`.',
  },
} as const satisfies LogEvents;

export const UPLOAD_EVENTS = {
  info: {
    'recordings wait to be uploaded': '`count` of them, at the start.',
    'recording uploaded': 'RWS has it; the local file is removed.',
    'upload not done': '`outcome` says why; it is tried again.',
  },
  warn: {
    'RWS has no HEAD to say what it holds: its answer to the upload has to do':
      'Of the recording `mediaId`; see `rws.upload.success` and `rws.paths.content`.',
    'recording quarantined: it is kept, and not tried again by itself':
      'RWS refused it for good, or it is damaged: `reason`. `srs recordings retry` tries it again.',
  },
  error: {
    'a listener for the upload queue failed': FAULT,
    'a job on disk could not be changed': 'The disk did not take it; tried again.',
    'an upload could not be reported': 'RWS was not told of the upload’s state; the upload itself is not touched.',
  },
} as const satisfies LogEvents;
