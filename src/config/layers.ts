import { listSettings } from './settings';

/** The settings one source gives, by key such as `http.port`. */
export interface Layer {
  /** A file's path, or `environment`. */
  readonly source: string;
  /** Relative paths among the values start here. */
  readonly baseDirectory: string;
  readonly values: ReadonlyMap<string, unknown>;
  /** A policy: what it sets nothing later may change. */
  readonly isFixed?: boolean;
}

export interface Setting {
  readonly value: unknown;
  readonly layer: Layer;
}

/** A setting of a later layer that a lock or a policy kept out. */
export interface RefusedSetting {
  readonly key: string;
  readonly source: string;
}

export interface MergedLayers {
  readonly settings: ReadonlyMap<string, Setting>;
  readonly refused: readonly RefusedSetting[];
  /** Earlier layers whose value a later one replaced, by key, first to last. */
  readonly overridden: ReadonlyMap<string, readonly string[]>;
}

/** Of `locked`: everything, settings no layer sets included. */
export const LOCK_ALL = '*';

/** Later layers win, except over what an earlier layer's `locked` names (a setting, a group of them, or all), and over policies. */
export function mergeLayers(layers: readonly Layer[]): MergedLayers {
  const settings = new Map<string, Setting>();
  const refused: RefusedSetting[] = [];
  const overridden = new Map<string, readonly string[]>();
  let locks: readonly string[] = [];
  for (const layer of layers) {
    for (const [key, value] of layer.values) {
      if (key === 'locked') continue;
      const earlier = settings.get(key);
      if (isCovered(key, locks)) refused.push({ key, source: layer.source });
      else settings.set(key, { value, layer });
      if (earlier !== undefined && settings.get(key) !== earlier)
        overridden.set(key, [...(overridden.get(key) ?? []), earlier.layer.source]);
    }
    locks = [...locks, ...locksOf(layer)];
  }
  const locking = layers.find((layer) => locksOf(layer).length > 0);
  if (locking !== undefined) settings.set('locked', { value: locks, layer: locking });
  return { settings, refused, overridden };
}

/** Only what the layer itself locks: what holds of the machine-wide file when another file is named on the command line. */
export function lockedPart(layer: Layer): Layer {
  const locks = locksOf(layer);
  return { ...layer, values: new Map([...layer.values].filter(([key]) => key === 'locked' || isCovered(key, locks))) };
}

function locksOf(layer: Layer): readonly string[] {
  const named = (layer.values.get('locked') ?? []) as readonly string[];
  return layer.isFixed ? [...named, ...layer.values.keys()] : named;
}

function isCovered(key: string, locks: readonly string[]): boolean {
  return locks.some((lock) => lock === LOCK_ALL || key === lock || key.startsWith(`${lock}.`));
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
