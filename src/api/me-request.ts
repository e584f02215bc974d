import type { z } from 'zod';
import { RWS_STATUS } from '../shared/rws-error';
import { ApiError, invalidParameter } from './errors';
import { LOGOUT_OPERATION, type LoginParameterName, loginParameterSchemas, parameterEntrySchema } from './schemas';

/** What a login's configuration array said; server addresses are text still. */
export interface LoginParameters {
  readonly server?: string;
  readonly peer_server?: string;
  readonly place?: string;
  readonly devices?: z.output<typeof loginParameterSchemas.devices>;
  /** Names nobody knows: ignored, but worth a line in the log. */
  readonly unknownNames: readonly string[];
}

export type MeRequest = { readonly type: 'login'; readonly parameters: LoginParameters } | { readonly type: 'logout' };

/**
 * Reads the body of `POST /api/v2/me` (local-api.md, *Endpoints*): nothing or a configuration array is a login, the operation
 * `EndContactCenterSession` a logout. Throws `ApiError` 400 naming the field.
 */
export function parseMeRequest(body: Uint8Array | undefined): MeRequest {
  const text = decodeUtf8(body ?? new Uint8Array());
  if (text.trim() === '') return { type: 'login', parameters: { unknownNames: [] } };
  const json = parseJson(text);
  if (Array.isArray(json)) return { type: 'login', parameters: parseParameters(json) };
  if (typeof json !== 'object' || json === null) throw invalidParameter('body', 'a configuration array or an operation is expected');
  const operationName = Object.hasOwn(json, 'operationName') ? (json as { operationName: unknown }).operationName : undefined;
  if (operationName !== LOGOUT_OPERATION) throw invalidParameter('operationName', `"${LOGOUT_OPERATION}" is expected`);
  return { type: 'logout' };
}

function parseParameters(entries: readonly unknown[]): LoginParameters {
  const found = new Map<string, unknown>();
  const unknownNames: string[] = [];
  entries.forEach((entry, index) => {
    const { name, value } = check(parameterEntrySchema, entry, `[${index}]`);
    if (isKnown(name)) found.set(name, check<unknown>(loginParameterSchemas[name], value, name));
    else unknownNames.push(name);
  });
  return { ...(Object.fromEntries(found) as Omit<LoginParameters, 'unknownNames'>), unknownNames };
}

function isKnown(name: string): name is LoginParameterName {
  return Object.hasOwn(loginParameterSchemas, name);
}

function check<T>(schema: z.ZodType<T>, value: unknown, field: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = (issue?.path ?? []).map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  throw invalidParameter(`${field}${path}`, issue?.message ?? 'it has the wrong type');
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
  return new ApiError({ httpStatus: 400, statusCode: RWS_STATUS.parameterInvalid, message: 'Parameter body is invalid: it is not JSON.' });
}
