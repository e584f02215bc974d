import type { CaptureHostBridge, CapturePage } from '../shared/capture-contract';
import { createCapturePage } from './capture-page';

declare global {
  interface Window {
    readonly srsCaptureHost: CaptureHostBridge;
    srsCapture: CapturePage;
  }
}

window.srsCapture = createCapturePage(window.srsCaptureHost);
