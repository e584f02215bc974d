import type * as z from 'zod';
import type { ConfigurationProblem } from './errors';
import { configSchema } from './schema';
import { describeAllowed, nodeAt } from './settings';

const MAX_SHOWN = 60;

export interface CheckedValues {
  /** Wrong values of known settings: the source cannot be used. */
  readonly problems: readonly ConfigurationProblem[];
  /** Keys of another version of this program, or misspelt: told, and not used. */
  readonly unknown: readonly ConfigurationProblem[];
}

/** Everything that is wrong with one source's values. */
export function checkValues(source: string, values: unknown, nameOf: (key: string) => string = (key) => key): CheckedValues {
  const issues = configSchema.safeParse(values).error?.issues ?? [];
  const of = (isUnknown: boolean): readonly ConfigurationProblem[] =>
    issues.filter(({ code }) => (code === 'unrecognized_keys') === isUnknown).flatMap((issue) => toProblems(source, values, issue, nameOf));
  return { problems: of(false), unknown: of(true) };
}

function toProblems(source: string, values: unknown, issue: z.core.$ZodIssue, nameOf: (key: string) => string): ConfigurationProblem[] {
  const key = writePath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const allowed = Object.keys(nodeAt(issue.path)?.properties ?? {}).filter((name) => name !== '$schema');
    return issue.keys.map((name) => ({
      source,
      key: nameOf(key === '' ? name : `${key}.${name}`),
      text: `is no known setting; allowed here: ${allowed.join(', ')}`,
    }));
  }
  if (issue.code === 'custom') return [{ source, key: nameOf(key), text: issue.message }];
  const text = `is ${describeFound(valueAt(values, issue.path))}; allowed: ${describeLimits(issue)}`;
  return [key === '' ? { source, text: `the whole ${text}` } : { source, key: nameOf(key), text }];
}

/** Formats and own checks say best what they want; for the rest the schema does. */
function describeLimits(issue: z.core.$ZodIssue): string {
  const node = nodeAt(issue.path);
  if (issue.code === 'invalid_format' || node === undefined) return issue.message;
  return describeAllowed(node);
}

/** A found value, short. What stands before an `@` may be a password, as in `http://user:password@proxy`; groups and lists may hold one. */
function describeFound(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(typeof value === 'string' ? value.replace(/^.*@/s, '[redacted]@') : value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined),
    values,
  );
}

function writePath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
