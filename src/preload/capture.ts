import { contextBridge, ipcRenderer } from 'electron';
import { CAPTURE_CHANNEL, type CaptureHostBridge } from '../shared/capture-contract';

const bridge: CaptureHostBridge = { emit: (message) => ipcRenderer.send(CAPTURE_CHANNEL, message) };
contextBridge.exposeInMainWorld('srsCaptureHost', bridge);
