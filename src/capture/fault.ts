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

function toCaptureFault(error: unknown, otherwise: CaptureFaultCode): CaptureFault {
  if (error instanceof CaptureFault) return error;
  return new CaptureFault(otherwise, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
