import type { Response } from 'express';
import { RWS_STATUS } from '../../shared/rws-error';

/** Answers 200 with `statusCode` 0 and the fields (rws.md, *Conventions*). */
export function succeed(response: Response, fields: Readonly<Record<string, unknown>> = {}, httpStatus = 200): void {
  response.status(httpStatus).json({ statusCode: RWS_STATUS.ok, ...fields });
}

export function fail(response: Response, httpStatus: number, statusCode: number, statusMessage: string): void {
  response.status(httpStatus).json({ statusCode, statusMessage });
}
