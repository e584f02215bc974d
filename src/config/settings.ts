import { configurationJsonSchema, type JsonSchemaNode } from './json-schema';

/** One setting: a leaf of the schema. */
export interface Setting {
  /** Such as `recording.framesPerSecond`. */
  readonly key: string;
  /** Such as `SRS_RECORDING_FRAMES_PER_SECOND`. */
  readonly variable: string;
  readonly node: JsonSchemaNode;
}

/** What users may change for themselves in the data directory's `config.json`, unless the machine-wide file locks it. */
export const USER_SETTINGS: readonly string[] = ['autoStart', 'notifyRecording', 'log.level'];

/** Every setting there is, in the schema's order. `$schema` is none. */
export function listSettings(): readonly Setting[] {
  return leaves('', configurationJsonSchema()).filter(({ key }) => key !== '$schema');
}

function leaves(prefix: string, node: JsonSchemaNode): readonly Setting[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const key = `${prefix}${name}`;
    return child.properties === undefined ? [{ key, variable: toVariable(key), node: child }] : leaves(`${key}.`, child);
  });
}

function toVariable(key: string): string {
  return `SRS_${key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase()}`;
}

/** The schema's node at a path such as `["recording", "framesPerSecond"]` or `["allowedOrigins", 0]`. */
export function nodeAt(path: readonly PropertyKey[]): JsonSchemaNode | undefined {
  return path.reduce<JsonSchemaNode | undefined>(
    (node, part) => (typeof part === 'number' ? node?.items : node?.properties?.[String(part)]),
    configurationJsonSchema(),
  );
}

/** What a setting may hold, in words: `a whole number from 0 to 65535`. */
export function describeAllowed(node: JsonSchemaNode): string {
  if (node.enum !== undefined) return node.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (node.anyOf !== undefined) return node.anyOf.map((one) => one.description ?? describeAllowed(one)).join(' or ');
  if (node.properties !== undefined) return `an object with ${Object.keys(node.properties).join(', ')}`;
  switch (node.type) {
    case 'integer':
      return `a whole number${describeRange(node)}`;
    case 'number':
      return `a number${describeRange(node)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list, each item ${describeAllowed(node.items ?? {})}`;
    case 'string':
      return 'a text that is not empty';
    default:
      return node.type ?? 'any value';
  }
}

function describeRange({ minimum, maximum }: JsonSchemaNode): string {
  if (minimum === undefined && maximum === undefined) return '';
  if (maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER) return ` from ${minimum} up`;
  return ` from ${minimum} to ${maximum}`;
}
