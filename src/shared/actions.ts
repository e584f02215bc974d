import type { ProblemCode } from './snapshot';

/** What a person can ask for in the tray's menu or in the window, besides what belongs to one upload. */
export type AppAction =
  | 'showStatus'
  | 'openLogs'
  | 'openDataFolder'
  | 'collectDiagnostics'
  | 'reconnect'
  | 'retryUploads'
  | 'openScreenSettings'
  | 'restart'
  | 'checkForUpdates'
  | 'toggleAutoStart'
  | 'about'
  | 'quit';

/** What the page in the status window may ask for. */
export const WINDOW_ACTIONS = [
  'openLogs',
  'openDataFolder',
  'collectDiagnostics',
  'reconnect',
  'retryUploads',
  'openScreenSettings',
  'restart',
  'checkForUpdates',
] as const satisfies readonly AppAction[];
export type WindowAction = (typeof WINDOW_ACTIONS)[number];

/** What helps against a problem, as far as a button can. */
export const REMEDIES: Readonly<Record<ProblemCode, WindowAction>> = {
  noConfiguration: 'collectDiagnostics',
  portTaken: 'restart',
  portDenied: 'openLogs',
  rwsUnreachable: 'reconnect',
  credentialsRefused: 'reconnect',
  captureFailed: 'restart',
  capturePermission: 'openScreenSettings',
  screenIncomplete: 'collectDiagnostics',
  diskFloor: 'openDataFolder',
  spoolFull: 'openDataFolder',
  uploadsStuck: 'retryUploads',
  remuxFailed: 'collectDiagnostics',
  keychainUnavailable: 'restart',
  noRecordingKey: 'restart',
  recordingKeyInFile: 'restart',
  certificateExpiring: 'restart',
  certificateUnavailable: 'openLogs',
  filesNotWritten: 'openDataFolder',
  updateFailed: 'checkForUpdates',
};
