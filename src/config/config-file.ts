import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readTextFile, TextEncodingError } from '../lib/text-file';
import { checkValues } from './check-values';
import type { ConfigurationProblem } from './errors';
import { parseJsonText } from './json-text';
import { flatten, LOCK_ALL, type Layer } from './layers';
import { listSettings, USER_SETTINGS } from './settings';
import { errnoOf } from '../lib/errno-of';
import { describeOtherWriters } from './trusted-file';

export interface FileRules {
  /** A missing file is no problem. */
  readonly isOptional?: boolean;
  /** Only what users may change for themselves is allowed. */
  readonly isUserFile?: boolean;
  /** It decides over every user: who else could change it is an error. */
  readonly isAdministrators?: { readonly platform: NodeJS.Platform; readonly own?: number };
  /** What it sets nothing later may change. */
  readonly isFixed?: boolean;
}

export type FileResult =
  | { readonly layer: Layer | undefined; readonly unknown: readonly ConfigurationProblem[] }
  | { readonly problems: readonly ConfigurationProblem[] };

/** Two hundred masks of the greatest length are a tenth of it. */
export const MAX_CONFIG_FILE_BYTES = 4 * 1024 * 1024;

/** Reads and checks one configuration file: either all of it holds, or all that is wrong with it is named. */
export async function readConfigFile(path: string, rules: FileRules = {}): Promise<FileResult> {
  let text: string;
  try {
    const unusable = describeUnusable(await stat(path));
    if (unusable !== undefined) return { problems: [{ source: path, text: unusable }] };
    text = await readTextFile(path);
    const { isAdministrators } = rules;
    const writers = isAdministrators && (await describeOtherWriters(path, isAdministrators.platform, isAdministrators.own));
    if (writers !== undefined) return { problems: [{ source: path, text: writers }] };
  } catch (error) {
    if (error instanceof TextEncodingError) return { problems: [{ source: path, text: error.message }] };
    const code = errnoOf(error);
    if (rules.isOptional && (code === 'ENOENT' || code === 'ENOTDIR')) return { layer: undefined, unknown: [] };
    return { problems: [{ source: path, text: `cannot be read (${code ?? 'unknown error'})` }] };
  }
  return parseConfigFile(path, text, rules);
}

/** Reading a pipe or a device may never end, and what is far too long is no configuration. */
function describeUnusable(file: Stats): string | undefined {
  if (file.isDirectory()) return 'is a folder; allowed: a file';
  if (!file.isFile()) return 'is a pipe, socket or device; allowed: a file';
  if (file.size > MAX_CONFIG_FILE_BYTES) return `has ${file.size} bytes; allowed: at most ${MAX_CONFIG_FILE_BYTES}`;
  return undefined;
}

function parseConfigFile(path: string, text: string, { isUserFile = false, isFixed = false }: FileRules = {}): FileResult {
  const parsed = parseJsonText(text);
  if ('fault' in parsed) return { problems: [{ source: path, text: parsed.fault }] };
  const { tree } = parsed;
  if (typeof tree === 'object' && tree !== null && '$schema' in tree) delete tree.$schema;
  const checked = checkValues(path, tree);
  const locks = checkLocks(path, tree);
  const problems = [...checked.problems, ...(isUserFile ? checkUserFile(path, tree) : [])];
  if (problems.length > 0) return { problems };
  const layer = { source: path, baseDirectory: dirname(path), values: flatten(tree), isFixed };
  return { layer, unknown: [...checked.unknown, ...locks] };
}

function checkUserFile(source: string, tree: unknown): readonly ConfigurationProblem[] {
  const others = [...flatten(tree).keys()].filter((key) => !USER_SETTINGS.includes(key));
  return others.map((key) => ({ source, key, text: `cannot be set for one user; allowed here: ${USER_SETTINGS.join(', ')}` }));
}

function checkLocks(source: string, tree: unknown): readonly ConfigurationProblem[] {
  const locks = flatten(tree).get('locked');
  if (!Array.isArray(locks)) return [];
  const keys = listSettings().map(({ key }) => key);
  const isKnown = (lock: unknown): boolean => lock === LOCK_ALL || keys.some((key) => key === lock || key.startsWith(`${String(lock)}.`));
  return locks
    .filter((lock) => typeof lock === 'string' && lock !== '' && !isKnown(lock))
    .map((lock) => ({ source, key: 'locked', text: `names ${JSON.stringify(lock)}, which is no known setting or group of settings` }));
}
