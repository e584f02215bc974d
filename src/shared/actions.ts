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
