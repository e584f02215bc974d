import type { App, BrowserWindow, PowerMonitor, Screen } from 'electron';
import type { PowerEvents } from '../../host/host';
import type { Logger } from '../../lib/logger';

export interface SystemEventsDeps {
  readonly app: App;
  readonly powerMonitor: PowerMonitor;
  readonly screen: Screen;
  readonly power: PowerEvents;
  /** The user's session or the system ends: a running recording is finished within the system's grace. */
  readonly onShutdown: () => void;
  readonly log: Logger;
}

/** What of a display matters to a recording; a taskbar that moves does not. */
const METRICS = ['bounds', 'scaleFactor', 'rotation'];

/** Hands the system's events to the service. Call it when the application is ready; undo it with what it returns. */
export function followSystemEvents({ app, powerMonitor, screen, power, onShutdown, log }: SystemEventsDeps): () => void {
  const undo: (() => void)[] = [];
  const follow = (emitter: NodeJS.EventEmitter, event: string, handle: (...args: never[]) => void): void => {
    const listener = handle as (...args: unknown[]) => void;
    emitter.on(event, listener);
    undo.push(() => emitter.removeListener(event, listener));
  };
  const tell = (event: string, handle: () => void) => (): void => {
    log.info('system event', { event });
    handle();
  };

  follow(
    powerMonitor,
    'suspend',
    tell('suspend', () => power.suspended()),
  );
  follow(
    powerMonitor,
    'resume',
    tell('resume', () => power.resumed()),
  );
  follow(
    powerMonitor,
    'lock-screen',
    tell('lock', () => power.locked()),
  );
  follow(
    powerMonitor,
    'unlock-screen',
    tell('unlock', () => power.unlocked()),
  );
  // Fast user switching on macOS; Windows tells it as locking.
  follow(
    powerMonitor,
    'user-did-resign-active',
    tell('another user', () => power.inFront(false)),
  );
  follow(
    powerMonitor,
    'user-did-become-active',
    tell('this user again', () => power.inFront(true)),
  );
  // Linux and macOS; there the system waits for us while the default is prevented.
  follow(powerMonitor, 'shutdown', (event?: { preventDefault?: () => void }) => {
    event?.preventDefault?.();
    tell('shutdown', onShutdown)();
  });

  const displays = tell('displays', () => power.displaysChanged());
  follow(screen, 'display-added', displays);
  follow(screen, 'display-removed', displays);
  follow(screen, 'display-metrics-changed', (_event: unknown, _display: unknown, changed: readonly string[]) => {
    if (changed.some((metric) => METRICS.includes(metric))) displays();
  });

  // Windows tells windows, not the application; every one of them hears it, the hidden capture window too.
  follow(app, 'browser-window-created', (_event: unknown, window: BrowserWindow) => {
    (window as NodeJS.EventEmitter).on('session-end', tell('session end', onShutdown));
  });
  return () => undo.forEach((step) => step());
}
