import { FAULT, type LogEvents } from './declaration';

const SHOWN_AGAIN = 'Tried again when it is next needed.';

/** What both hosts do: start and stop, keychain, files, problems. */
export const HOST_EVENTS = {
  debug: { 'which session is in front could not be asked': 'It is asked again; the answer before holds.' },
  info: {
    stopped: 'The service has ended in good order.',
    'changed settings are in force': 'The configuration changed while the service ran; `settings` names what was taken over.',
    'the changed configuration waits for the end of the recording': 'Nothing changes while a recording runs.',
    'problem gone': 'A problem is no longer shown.',
    'the keychain cannot be used': '`state` and `reason` say why; it is watched for its return.',
    'the keychain was not unlocked': 'The agent closed the system’s window, or nobody answered it.',
    'the keychain is tried again': 'Something about it changed.',
    'another session of this computer is in front, or this one again': '`isInFront`; the port goes to the session in front.',
    'a file could be written at last': 'See “a file could not be written”.',
  },
  warn: {
    'problem shown': 'What tray, window and `srs status` show: [problems.md](problems.md).',
    'a setting is not used: it is locked': 'An administrator locked `key`; what `source` says has no effect.',
    'a setting is not used: it is not known': 'Misspelt, or of a later version.',
    'the changed configuration is not used':
      'The settings before it stay in force. `problems` names file, setting, what was found and what is allowed.',
    'settings take effect when the program is started again': '`settings` changed, and cannot be taken over while the service runs.',
    'a file could not be removed': SHOWN_AGAIN,
    'a file could not be written: tried again': 'A file beside the recordings; see the problem `filesNotWritten`.',
    'the file system does not make changes of folders durable: a power cut may undo the last ones':
      'A network or FUSE folder; put `dataDirectory` on a local disk.',
  },
  error: {
    'a part did not stop cleanly': 'What it left is put right at the next start.',
    'stopping took too long: giving up': 'The program ends all the same.',
    'a listener to the keychain failed': FAULT,
    'a listener for problems failed': FAULT,
    'a listener for the history failed': FAULT,
    'a snapshot listener failed': FAULT,
  },
} as const satisfies LogEvents;

/** Tray application only. */
export const DESKTOP_EVENTS = {
  info: {
    action: 'Somebody chose `action` in tray or window.',
    'quitting is switched off by configuration': 'See `allowQuit`.',
    quitting: 'The application ends; `origin` says who wanted it.',
    'system event': 'Sleep, wake, lock, unlock, shutdown or a change of displays.',
    'this desktop shows no tray icon: the window is opened': 'So that the agent sees the recording that begins.',
    'start at login': 'Whether the system starts the application, and whether that is wanted.',
    'updates.url has no effect: this installation is updated otherwise': 'By MSI, deb, rpm or the like.',
    'update downloaded': 'It is installed when nothing is recorded.',
    'installing the update': 'The application starts again.',
    'update failed': 'Looked for again later.',
    'the window’s place was not kept': 'It opens in the middle next time.',
  },
  warn: {
    'a folder could not be opened': 'The system has no program for it.',
    'not listening': 'See the problem `portTaken` or `portDenied`.',
    'a request from a foreign frame was refused': 'A page that is not ours asked; this should never be seen.',
    'a request with wrong arguments was refused': FAULT,
    'the choice to start at login was not kept': 'The disk did not take it.',
    'start at login could not be set': 'The system refused; policy may forbid it.',
    'the attempt was not noted': 'An update that fails may be tried once more than it should.',
    'the update was not installed': 'The version there is goes on.',
    'a page tried to leave its place': 'It was refused; this should never be seen.',
  },
  error: {
    'an action failed': 'The agent was told; `reason` says why.',
    'uncaught exception': 'The application starts again; a `crash-…json` lies beside the log.',
    'unhandled rejection': FAULT,
    'starting again after a crash': 'See the line before.',
    'crashed too often: not starting again': 'Send the support bundle to whoever maintains the program.',
    'a child process is gone': 'Chromium’s; it is started again where it is needed.',
    'stopping failed': 'The application ends all the same.',
    'the program cannot start': '`reason` says why: configuration, folder, another instance.',
    'the status window could not be loaded': SHOWN_AGAIN,
    'the status window crashed': SHOWN_AGAIN,
  },
} as const satisfies LogEvents;
