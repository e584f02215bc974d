import type { Request } from 'express';
import type * as z from 'zod';
import { RWS_STATUS } from '../shared/rws-error';
import { ApiError, invalidParameter } from './errors';

/** What a body says; `undefined` when it is blank. Throws `ApiError` 400 when it is not JSON. */
export function parseJsonBody(body: unknown): unknown {
  const text = decodeUtf8(body instanceof Uint8Array ? body : new Uint8Array());
  return text.trim() === '' ? undefined : parseJson(text);
}

/** The value as the schema gives it. Throws `ApiError` 400 naming the field. */
export function checkField<T>(schema: z.ZodType<T>, value: unknown, field: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = (issue?.path ?? []).map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  throw invalidParameter(`${field}${path}`, issue?.message ?? 'it has the wrong type');
}

/** Throws `ApiError` 415: a page can send other types without being asked first. */
export function requireJson(request: Request): void {
  const mediaType = (request.get('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType === 'application/json') return;
  throw new ApiError({
    httpStatus: 415,
    statusCode: RWS_STATUS.parameterInvalid,
    message: 'An operation needs Content-Type application/json.',
  });
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw notJson();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notJson();
  }
}

function notJson(): ApiError {
  return invalidParameter('body', 'it is not JSON');
}
