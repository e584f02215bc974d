import type { RequestHandler } from 'express';
import type { VersionAnswer } from '../schemas';

/** `GET /version`: the one question anybody may ask. */
export function createVersion(version: string): RequestHandler {
  const answer: VersionAnswer = { version };
  return (_request, response) => {
    response.status(200).json(answer);
  };
}
