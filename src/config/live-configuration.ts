import { isDeepStrictEqual } from 'node:util';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import type { ConfigurationSources } from './load-configuration';
import type { Configuration } from './schema';
import { effectOf } from './setting-effects';
import { listSettings } from './settings';

type Tree = Record<string, unknown>;

/**
 * The settings a service runs with. INVARIANTS: `settings` and the groups in it are the same objects from start to end; what `setting-effects.ts`
 * says needs a restart never changes in them; the rest changes in place, all of it in one step of the event loop, and in `take` alone. So whoever
 * reads a setting when it is needed has the one in force, and whoever copies one at the start has an old one.
 */
export class LiveConfiguration {
  readonly settings: Configuration;
  /** Where the settings came from, to read them anew. */
  readonly sources: ConfigurationSources;
  readonly #changed = new Emitter<readonly string[]>();

  constructor(config: Configuration, sources: ConfigurationSources) {
    this.settings = copyGroups(config);
    this.sources = sources;
  }

  /** Takes over what needs no restart. @returns the settings that changed */
  take(next: Configuration): readonly string[] {
    const keys = this.#different(next).filter((key) => effectOf(key) !== 'restart');
    for (const key of keys) write(this.settings, key, read(next, key));
    write(this.settings, 'notUsed', next.notUsed);
    if (keys.length > 0) this.#changed.emit(keys);
    return keys;
  }

  /** Would `take` change anything? */
  hasNews(next: Configuration): boolean {
    return this.#different(next).some((key) => effectOf(key) !== 'restart');
  }

  /** What is set otherwise by now and needs a restart. */
  waitingForRestart(next: Configuration): readonly string[] {
    return this.#different(next).filter((key) => effectOf(key) === 'restart');
  }

  /** Called with the settings that changed, after they have. */
  onChange(listener: (keys: readonly string[]) => void): Unsubscribe {
    return this.#changed.subscribe(listener);
  }

  #different(next: Configuration): readonly string[] {
    return listSettings()
      .map(({ key }) => key)
      .filter((key) => !isDeepStrictEqual(read(this.settings, key), read(next, key)));
  }
}

function read(tree: unknown, key: string): unknown {
  return key.split('.').reduce<unknown>((node, name) => (node as Tree | undefined)?.[name], tree);
}

/** Values, lists included, are not changed by anybody; the groups they are in are. */
function copyGroups<T>(tree: T): T {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, copyGroups<unknown>(value)])) as T;
}

function write(tree: unknown, key: string, value: unknown): void {
  const names = key.split('.');
  const last = names.pop() ?? key;
  const group = read(tree, names.join('.')) ?? tree;
  (group as Tree)[last] = value;
}
