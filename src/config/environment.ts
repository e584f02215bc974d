import { checkValues, type CheckedValues } from './check-values';
import type { ConfigurationProblem } from './errors';
import type { JsonSchemaNode } from './json-schema';
import { unflatten, type Layer } from './layers';
import type { Environment } from './platform-paths';
import { listSettings, type Setting } from './settings';

const SOURCE = 'environment';
const PREFIX = 'SRS_';
/** Not settings: set when the program is bundled, by the start script, and by the test suite. */
const NOT_SETTINGS: readonly string[] = ['SRS_PACKAGE_VERSION', 'SRS_NIGHTLY'];

/** The settings among the environment variables: `SRS_HTTP_PORT=8086`. Lists are separated by commas, or written as JSON. An empty value counts as not set. */
export function readEnvironment(env: Environment, baseDirectory: string): { readonly layer: Layer } & CheckedValues {
  const settings = new Map(listSettings().map((setting) => [setting.variable, setting]));
  // The administrator's to give, in the machine-wide file.
  settings.delete('SRS_LOCKED');
  settings.delete('SRS_ALLOW_ENVIRONMENT');
  const values = new Map<string, unknown>();
  const unknown: ConfigurationProblem[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX) || NOT_SETTINGS.includes(variable) || text === undefined || text === '') continue;
    const setting = settings.get(variable);
    if (setting === undefined)
      unknown.push({ source: SOURCE, key: variable, text: `is no known setting; ${describeNearest(variable, settings)}` });
    else values.set(setting.key, parseSettingText(text, setting.node));
  }
  const variableOf = (key: string): string => {
    const setting = listSettings().find((candidate) => candidate.key === key.replace(/\[\d+\]$/, ''));
    return setting === undefined ? key : `${setting.variable}${/\[\d+\]$/.exec(key)?.[0] ?? ''}`;
  };
  const { problems } = checkValues(SOURCE, unflatten(values), variableOf);
  return { layer: { source: SOURCE, baseDirectory, values }, problems, unknown };
}

/** What is not of the wanted type stays text, so that the check names it. */
export function parseSettingText(text: string, node: JsonSchemaNode): unknown {
  const number = node.anyOf?.find(({ type }) => type === 'integer');
  if (number !== undefined) return parseSettingText(text, number);
  switch (node.type) {
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
    case 'boolean':
      return parseBoolean(text);
    case 'array':
      return parseList(text);
    default:
      return text === 'null' && node.anyOf?.some(({ type }) => type === 'null') ? null : text;
  }
}

function parseBoolean(text: string): boolean | string {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : text;
}

function parseList(text: string): unknown {
  if (text.trimStart().startsWith('[')) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text; // the check says what was found
    }
  }
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function describeNearest(variable: string, settings: ReadonlyMap<string, Setting>): string {
  const group = variable.slice(0, variable.indexOf('_', PREFIX.length) + 1 || undefined);
  const near = [...settings.keys()].filter((name) => name.startsWith(group));
  return near.length > 0 ? `there are ${near.join(', ')}` : '`srs config schema` lists the settings';
}
