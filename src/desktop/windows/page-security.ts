import type { App, Session, WebPreferences } from 'electron';
import type { Logger } from '../../lib/logger';

/** What every page of the program runs with (Electron's security checklist, points 2 to 4, 6, 8 to 11). */
export const PAGE_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const satisfies WebPreferences;

/** No page may navigate, open windows or embed others (points 13 to 15). Covers every page that is ever made. */
export function forbidNavigation(app: App, log: Logger): void {
  app.on('web-contents-created', (_event, contents) => {
    const refuse = (what: string) => (event: { preventDefault(): void }) => {
      event.preventDefault();
      log.warn('a page tried to leave its place', { what });
    };
    // Of every frame, the page's own included; `will-navigate` would follow for that one, unless this refuses.
    contents.on('will-frame-navigate', refuse('navigation'));
    contents.on('will-redirect', refuse('redirect'));
    contents.on('will-attach-webview', refuse('webview'));
    contents.setWindowOpenHandler(() => {
      log.warn('a page tried to leave its place', { what: 'new window' });
      return { action: 'deny' };
    });
  });
}

/** Grants a session's pages nothing but the named permissions (point 5). */
export function restrictPermissions(session: Session, granted: readonly string[] = []): void {
  session.setPermissionRequestHandler((_contents, permission, callback) => callback(granted.includes(permission)));
  session.setPermissionCheckHandler((_contents, permission) => granted.includes(permission));
  session.setDevicePermissionHandler(() => false);
}
