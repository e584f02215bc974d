import { homedir } from 'node:os';
import { AppError } from '../shared/errors';
import { redactAddresses } from './redact-addresses';
import { Secret } from './secret';

const REDACTED = '[redacted]';
const SECRET_NAME = /passw|secret|authorization|cookie|token|credential|jsessionid|srssessionid|^key$|privatekey|passphrase/i;
const SECRET_IN_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\b(Basic|Bearer)\s+[A-Za-z0-9+/=._~-]+/gi, `$1 ${REDACTED}`],
  [/\b(SRSSESSIONID|JSESSIONID)=[^;\s"]+/gi, `$1=${REDACTED}`],
];
const MAX_DEPTH = 6;

/** Removes what no log may hold: secrets by name and by shape, URL queries and user names, the user's home folder. */
export function redactText(text: string): string {
  let result = redactAddresses(text);
  for (const [pattern, replacement] of SECRET_IN_TEXT) result = result.replace(pattern, replacement);
  const home = homedir();
  return home.length > 1 ? result.split(home).join('~') : result;
}

/** The same for a tree of fields. Errors keep name, message and code, and their causes. */
export function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactValue(fields, 0) as Record<string, unknown>;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret) return REDACTED;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof URL) return redactText(value.href);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      SECRET_NAME.test(name) && item !== undefined ? REDACTED : redactValue(item, depth + 1),
    ]),
  );
}

function isExpected(error: Error): boolean {
  return error instanceof AppError && error.isExpected;
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: redactText(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    // An expected failure is no fault: where in the code it was noticed helps nobody.
    ...(error.stack === undefined || isExpected(error) ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) }),
  };
}
