import { AppError } from '../shared/errors';

/** Thrown when the certificate of the https endpoint cannot be read, made or used. The message names the file and what to do. */
export class CertificateError extends AppError {
  constructor(message: string, cause?: unknown) {
    super('certificate', message, { cause });
  }
}
