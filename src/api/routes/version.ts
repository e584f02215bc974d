import type { RequestHandler } from 'express';
import { toServiceVersion } from '../../shared/version';
import type { VersionAnswer } from '../schemas';

/** `GET /version`: the one question anybody may ask. */
export function createVersion(packageVersion: string): RequestHandler {
  const answer: VersionAnswer = { version: toServiceVersion(packageVersion) };
  return (_request, response) => {
    response.status(200).json(answer);
  };
}
