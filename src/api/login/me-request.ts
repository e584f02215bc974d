import type * as z from 'zod';
import { invalidParameter } from '../errors';
import { checkField, parseJsonBody } from '../json-body';
import { LOGOUT_OPERATION, type LoginParameterName, loginParameterSchemas, parameterEntrySchema } from '../schemas';

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
export function parseMeRequest(body: unknown): MeRequest {
  const json = parseJsonBody(body);
  if (json === undefined) return { type: 'login', parameters: { unknownNames: [] } };
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
    const { name, value } = checkField(parameterEntrySchema, entry, `[${index}]`);
    if (!isKnown(name)) unknownNames.push(name);
    else if (!isLeftOut(value)) found.set(name, checkField<unknown>(loginParameterSchemas[name], value, name));
  });
  return { ...(Object.fromEntries(found) as Omit<LoginParameters, 'unknownNames'>), unknownNames };
}

/** Some desktops send every parameter they know, also where they know no value: that counts as not sent. */
function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function isKnown(name: string): name is LoginParameterName {
  return Object.hasOwn(loginParameterSchemas, name);
}
