/**
 * `cometd` looks for a browser's `window` while it runs. It finds this much: no WebSocket, no Worker, no console, no location.
 * No `document`: nothing else shall take this process for a browser.
 */
export function installCometdEnvironment(): void {
  if ('window' in globalThis) return;
  const window = Object.freeze({ XMLHttpRequest: Object.freeze({ UNSENT: 0 }) });
  Object.defineProperty(globalThis, 'window', { value: window, configurable: true, enumerable: false, writable: true });
}
