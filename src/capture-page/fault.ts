import { formatCaptureFault, type CaptureFailure } from '../shared/capture-contract';

/** The host reads code and text back out of the message (`parseCaptureFault`). */
export class CaptureFault extends Error {
  readonly code: CaptureFailure;
  readonly text: string;

  constructor(code: CaptureFailure, text: string) {
    super(formatCaptureFault(code, text));
    this.code = code;
    this.text = text;
  }
}
