import { formatCaptureFault, type CaptureFaultCode } from '../shared/capture-contract';

/** The host reads code and text back out of the message (`parseCaptureFault`). */
export class CaptureFault extends Error {
  readonly code: CaptureFaultCode;
  readonly text: string;

  constructor(code: CaptureFaultCode, text: string) {
    super(formatCaptureFault(code, text));
    this.code = code;
    this.text = text;
  }
}
