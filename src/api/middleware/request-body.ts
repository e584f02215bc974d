import express, { type RequestHandler } from 'express';

/**
 * Reads a body whatever its Content-Type: the documented login names none. At most 64 KiB, uncompressed (local-api.md, *What login does*);
 * the error middleware turns the parser's refusals into 413 and 415.
 */
export const requestBody: RequestHandler = express.raw({ type: () => true, limit: 64 * 1024, inflate: false });
