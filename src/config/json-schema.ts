import * as z from 'zod';
import { configSchema } from './schema';
import { describeEffect } from './setting-effects';
import { omitUndefined } from '../shared/omit-undefined';

/** As much of JSON Schema as the generated schema uses. */
export interface JsonSchemaNode {
  readonly type?: string;
  readonly description?: string;
  /** When a change of it takes effect. */
  readonly $comment?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>;
  readonly items?: JsonSchemaNode;
  readonly anyOf?: readonly JsonSchemaNode[];
  readonly additionalProperties?: boolean;
}

/** The JSON schema of a configuration file, as `srs config schema` prints it and `docs/configuration.schema.json` holds it. */
export function configurationJsonSchema(): JsonSchemaNode {
  return (generated ??= generate());
}

/** The schema never changes, and generating it takes milliseconds. */
let generated: JsonSchemaNode | undefined;

function generate(): JsonSchemaNode {
  const { $schema, properties, ...rest } = z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchemaNode & { $schema?: string };
  return {
    ...omitUndefined({ $schema }),
    ...{ title: 'Screen Recording Service configuration' },
    ...rest,
    properties: { $schema: { type: 'string', description: 'For editors; not read.' }, ...withEffects('', properties ?? {}) },
  };
}

function withEffects(prefix: string, nodes: Readonly<Record<string, JsonSchemaNode>>): Record<string, JsonSchemaNode> {
  const entries = Object.entries(nodes).map(([name, node]): [string, JsonSchemaNode] => {
    const key = `${prefix}${name}`;
    return node.properties === undefined
      ? [name, { ...node, $comment: `A change takes effect ${describeEffect(key)}.` }]
      : [name, { ...node, properties: withEffects(`${key}.`, node.properties) }];
  });
  return Object.fromEntries(entries);
}
