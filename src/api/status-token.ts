import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { Secret } from '../lib/secret';
import { notAuthenticated } from './errors';

/** What `GET /status` and `POST /uploads/retry` ask for: new at every start, in a file only its owner can read. */
export function createStatusToken(): Secret {
  return new Secret(randomBytes(32).toString('base64url'));
}

/** Throws `ApiError` 401 unless `Authorization: Bearer …` brings it. */
export function requireStatusToken(request: Request, token: Secret): void {
  const given = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined || !token.equals(new Secret(given))) throw notAuthenticated();
}
