import { listSettings } from './settings';

/** The settings one source gives, by key such as `http.port`. */
export interface Layer {
  /** A file's path, or `environment`. */
  readonly source: string;
  /** Relative paths among the values start here. */
  readonly baseDirectory: string;
  readonly values: ReadonlyMap<string, unknown>;
}

export interface Setting {
  readonly value: unknown;
  readonly layer: Layer;
}

export interface MergedLayers {
  readonly settings: ReadonlyMap<string, Setting>;
  /** Settings of later layers that a lock kept out. */
  readonly refused: readonly { readonly key: string; readonly source: string }[];
}

/** Later layers win, except over what an earlier layer's `locked` names (a setting or a whole group of them). */
export function mergeLayers(layers: readonly Layer[]): MergedLayers {
  const settings = new Map<string, Setting>();
  const refused: { key: string; source: string }[] = [];
  let locks: readonly string[] = [];
  for (const layer of layers) {
    for (const [key, value] of layer.values) {
      if (key === 'locked') continue;
      if (isCovered(key, locks)) refused.push({ key, source: layer.source });
      else settings.set(key, { value, layer });
    }
    locks = [...locks, ...locksOf(layer)];
  }
  if (locks.length > 0) settings.set('locked', { value: locks, layer: layers[0] as Layer });
  return { settings, refused };
}

/** Only what the layer itself locks: what holds of the machine-wide file when another file is named on the command line. */
export function lockedPart(layer: Layer): Layer {
  const locks = locksOf(layer);
  return { ...layer, values: new Map([...layer.values].filter(([key]) => key === 'locked' || isCovered(key, locks))) };
}

export function locksOf(layer: Layer): readonly string[] {
  return (layer.values.get('locked') ?? []) as readonly string[];
}

function isCovered(key: string, locks: readonly string[]): boolean {
  return locks.some((lock) => key === lock || key.startsWith(`${lock}.`));
}

/** A file's tree as a flat map; groups inside an array stay as they are. The values must have been checked. */
export function flatten(tree: unknown): ReadonlyMap<string, unknown> {
  const found = listSettings().map(({ key }) => [key, read(tree, key.split('.'))] as const);
  return new Map(found.filter(([, value]) => value !== undefined));
}

export function unflatten(settings: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const [key, value] of settings) {
    const names = key.split('.');
    const last = names.pop() ?? key;
    let node = tree;
    for (const name of names) node = (node[name] ??= {}) as Record<string, unknown>;
    node[last] = value;
  }
  return tree;
}

function read(tree: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (node, name) => (typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined),
    tree,
  );
}
