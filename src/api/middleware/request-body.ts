import express, { type Request, type RequestHandler, type Response } from 'express';

/**
 * Reads a body whatever its Content-Type: the documented login names none. At most 64 KiB, uncompressed (local-api.md, *What login does*);
 * the error middleware turns the parser's refusals into 413 and 415.
 */
const requestBody: RequestHandler = express.raw({ type: () => true, limit: 64 * 1024, inflate: false });

/** The handler once the body is read, as bytes in `request.body`: after whoever asks has shown credentials. */
export function afterBody(handler: (request: Request, response: Response) => Promise<void>): RequestHandler {
  return (request, response, next) => {
    requestBody(request, response, (error?: unknown) => {
      if (error !== undefined) next(error);
      else handler(request, response).catch(next);
    });
  };
}
