import { contextBridge, ipcRenderer } from 'electron';
import type { WindowBridge, WindowEvents, WindowRequests } from '../shared/ipc-contract';

/** Only named channels cross, never `ipcRenderer` itself. */
function request<C extends keyof WindowRequests>(
  channel: C,
  ...args: Parameters<WindowRequests[C]>
): Promise<ReturnType<WindowRequests[C]>> {
  return ipcRenderer.invoke(channel, ...args);
}

function listen<C extends keyof WindowEvents>(channel: C, listener: (payload: WindowEvents[C]) => void): void {
  ipcRenderer.on(channel, (_event, payload: WindowEvents[C]) => listener(payload));
}

const bridge: WindowBridge = {
  begin: () => request('window:begin'),
  onSnapshot: (listener) => listen('snapshot:changed', listener),
  run: (action) => request('action:run', action),
  retryUpload: (mediaId) => request('upload:retry', mediaId),
};
contextBridge.exposeInMainWorld('srs', bridge);
