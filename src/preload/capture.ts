import { contextBridge, ipcRenderer } from 'electron';
import type { CaptureHostBridge } from '../shared/capture-contract';

// The channel's name is the main process's, see src/desktop/capture; a sandboxed preload is one file.
const bridge: CaptureHostBridge = { emit: (message) => ipcRenderer.send('capture:emit', message) };
contextBridge.exposeInMainWorld('srsCaptureHost', bridge);
