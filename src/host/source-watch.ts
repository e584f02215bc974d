import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fingerprintOfFiles, fingerprintOfRegistry, type ConfigurationPlaces } from '../config/configuration-places';
import type { Clock, Timer } from '../lib/clock';

/** What a file system tells comes at once; this finds the rest: a folder that was not there, a network share, rights that changed. */
const LOOK_EVERY_MS = 30_000;
/** Many events are one change. */
const LOOK_AFTER_HINT_MS = 500;
/** Policies change with the hour. */
const LOOKS_PER_REGISTRY_LOOK = 10;

export interface SourceWatchDeps {
  readonly places: ConfigurationPlaces;
  readonly clock: Clock;
  /** Also after the first look: the sources may have changed since they were read. */
  readonly onChanged: () => void;
}

interface Watched {
  readonly watcher: FSWatcher;
  readonly inode: bigint;
}

/**
 * Notices that a source of the configuration changed. What counts is what the files hold (`configuration-places.ts`), looked at every 30 s and
 * soon after the file system tells of a file of ours. Folders are watched, not files, so a file that another is renamed over stays watched.
 */
export class SourceWatch {
  readonly #deps: SourceWatchDeps;
  readonly #names: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #watched = new Map<string, Watched>();
  #timer: Timer | undefined;
  #hint: Timer | undefined;
  #looking: Promise<void> | undefined;
  #isHintedMeanwhile = false;
  #looks = 0;
  #files: string | undefined;
  #registry: string | undefined;
  #isStopped = false;

  constructor(deps: SourceWatchDeps) {
    this.#deps = deps;
    this.#names = namesByFolder(deps.places);
  }

  start(): void {
    this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#hint?.cancel();
    for (const folder of [...this.#watched.keys()]) this.#unwatch(folder);
  }

  /** One at a time: a share that does not answer holds up nothing but this. */
  #look(): void {
    if (this.#isStopped) return;
    if (this.#looking !== undefined) {
      this.#isHintedMeanwhile = true;
      return;
    }
    this.#timer?.cancel();
    this.#looking = this.#lookOnce().finally(() => {
      this.#looking = undefined;
      if (this.#isStopped) return;
      this.#timer = this.#deps.clock.after(LOOK_EVERY_MS, () => this.#look());
      if (this.#isHintedMeanwhile) this.#hinted();
      this.#isHintedMeanwhile = false;
    });
  }

  async #lookOnce(): Promise<void> {
    // First, so that nothing falls between the look and the watching.
    await Promise.all([...this.#names.keys()].map((folder) => this.#keepWatching(folder)));
    const files = await fingerprintOfFiles(this.#deps.places);
    const registry = await this.#lookAtRegistry();
    const hasChanged = files !== this.#files || registry !== this.#registry;
    this.#files = files;
    this.#registry = registry;
    if (hasChanged && !this.#isStopped) this.#deps.onChanged();
  }

  async #lookAtRegistry(): Promise<string | undefined> {
    const isDue = this.#deps.places.isRegistry && this.#looks++ % LOOKS_PER_REGISTRY_LOOK === 0;
    return isDue ? await fingerprintOfRegistry() : this.#registry;
  }

  async #keepWatching(folder: string): Promise<void> {
    const inode = await stat(folder, { bigint: true }).then(
      ({ ino }) => ino,
      () => undefined,
    );
    if (this.#watched.get(folder)?.inode === inode) return;
    this.#unwatch(folder);
    if (inode === undefined || this.#isStopped) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => this.#told(folder, name));
      watcher.on('error', () => this.#unwatch(folder));
      this.#watched.set(folder, { watcher, inode });
    } catch {
      // No watches left, or a file system that knows none: the looks find it.
    }
  }

  #unwatch(folder: string): void {
    this.#watched.get(folder)?.watcher.close();
    this.#watched.delete(folder);
  }

  #told(folder: string, name: string | null): void {
    const names = this.#names.get(folder);
    // The data directory's other files change all the time.
    if (name === null || name === basename(folder) || names?.has(name) === true || (names?.size === 0 && name.endsWith('.json')))
      this.#hinted();
  }

  #hinted(): void {
    this.#hint ??= this.#deps.clock.after(LOOK_AFTER_HINT_MS, () => {
      this.#hint = undefined;
      this.#look();
    });
  }
}

/** The names that matter, by folder; none for a folder of which every `*.json` does. */
function namesByFolder({ files, policyFolder }: ConfigurationPlaces): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const file of files) names.set(dirname(file), (names.get(dirname(file)) ?? new Set<string>()).add(basename(file)));
  if (policyFolder !== undefined) names.set(policyFolder, new Set());
  return names;
}
