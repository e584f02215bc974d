import { dirname } from 'node:path';
import type { SeededRandom } from './random';

/** See src/spool/sealed/slice-format.ts. */
const MARK = Buffer.from([0xf5, 0x53, 0x4c, 0xae]);
const HEADER_BYTES = 16;
const NONCE_BYTES = 12;

export interface DiskNode {
  readonly isFolder: boolean;
  bytes: Buffer;
  /** What a power cut leaves for sure. */
  synced: Buffer;
  modifiedAt: number;
}

type Tree = Map<string, DiskNode>;
type Change = (tree: Tree) => void;

/** What the file functions see of the disk. */
export type FileOutside = SimulatedDisk;

export type DiskTrouble = 'none' | 'full' | 'broken' | 'held';

/** Files in memory. Changes of folders are durable with the next sync of anything, bytes of a file with its own. */
export class SimulatedDisk {
  /** It refused something at some time, or might have. */
  wasTroubled = false;
  #trouble: DiskTrouble = 'none';
  freeBytes = 64 * 1024 ** 3;
  /** Under which more than one slice was sealed. */
  readonly repeatedNonces = new Set<string>();
  readonly #nonces = new Set<string>();
  readonly #random: SeededRandom;
  readonly #now: () => number;
  #tree: Tree = new Map();
  #synced: Tree = new Map();
  #changes: Change[] = [];

  constructor(random: SeededRandom, now: () => number) {
    this.#random = random;
    this.#now = now;
    for (const path of ['/', '/data']) this.#tree.set(path, folder());
    this.commit();
  }

  get trouble(): DiskTrouble {
    return this.#trouble;
  }

  set trouble(trouble: DiskTrouble) {
    this.#trouble = trouble;
    this.wasTroubled ||= trouble !== 'none';
  }

  get files(): readonly (readonly [string, Buffer])[] {
    return [...this.#tree].filter(([, node]) => !node.isFolder).map(([path, { bytes }]) => [path, bytes] as const);
  }

  find(path: string): DiskNode {
    const node = this.#tree.get(path);
    if (node === undefined) throw diskError('ENOENT', path);
    return node;
  }

  has(path: string): boolean {
    return this.#tree.has(path);
  }

  children(path: string): readonly string[] {
    if (!this.find(path).isFolder) throw diskError('ENOTDIR', path);
    return [...this.#tree.keys()].filter((name) => name !== path && dirname(name) === path);
  }

  create(path: string, isFolder: boolean): DiskNode {
    this.demandWritable(path);
    if (this.#tree.has(path)) throw diskError('EEXIST', path);
    this.find(dirname(path));
    const node = { ...folder(), isFolder, modifiedAt: this.#now() };
    this.#change((tree) => tree.set(path, node));
    return node;
  }

  remove(path: string): void {
    this.demandNotHeld(path);
    this.#change((tree) => [...tree.keys()].filter((name) => isBelow(name, path)).forEach((name) => tree.delete(name)));
  }

  rename(from: string, to: string): void {
    this.demandNotHeld(from);
    this.find(from);
    this.find(dirname(to));
    this.#change((tree) => {
      for (const [name, node] of [...tree].filter(([other]) => isBelow(other, from))) {
        tree.delete(name);
        tree.set(to + name.slice(from.length), node);
      }
    });
  }

  write(node: DiskNode, bytes: Uint8Array, position: number): void {
    this.demandWritable('a file');
    this.#noteNonce(Buffer.from(bytes));
    const grown = Buffer.alloc(Math.max(node.bytes.length, position + bytes.length));
    node.bytes.copy(grown);
    grown.set(bytes, position);
    node.bytes = grown;
    node.modifiedAt = this.#now();
  }

  sync(node: DiskNode): void {
    if (this.trouble === 'broken') throw diskError('EIO', 'a file');
    node.synced = node.bytes;
    this.commit();
  }

  commit(): void {
    this.#changes = [];
    this.#synced = new Map(this.#tree);
  }

  /** Some of the last changes of folders are kept, in their order, and of what was not synced some bytes from the start. */
  cutPower(): void {
    const kept = this.#changes.slice(0, this.#random.between(0, this.#changes.length));
    const tree = new Map(this.#synced);
    for (const change of kept) change(tree);
    for (const node of new Set(tree.values())) this.#tear(node);
    this.#tree = tree;
    this.commit();
  }

  demandWritable(path: string): void {
    if (this.trouble === 'broken') throw diskError('EIO', path);
    if (this.trouble === 'full') throw diskError('ENOSPC', path);
  }

  demandNotHeld(path: string): void {
    if (this.trouble === 'broken') throw diskError('EIO', path);
    if (this.trouble === 'held' && this.#random.chance(0.5)) throw diskError('EPERM', path);
  }

  /** Of a record of slices: behind its mark and header. */
  #noteNonce(record: Buffer): void {
    if (!record.subarray(0, MARK.length).equals(MARK)) return;
    const nonce = record.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES).toString('hex');
    if (this.#nonces.has(nonce)) this.repeatedNonces.add(nonce);
    this.#nonces.add(nonce);
  }

  #tear(node: DiskNode): void {
    if (node.bytes !== node.synced) {
      const isGrown = node.bytes.subarray(0, node.synced.length).equals(node.synced);
      const extra = isGrown ? node.bytes.subarray(0, this.#random.between(node.synced.length, node.bytes.length)) : node.synced;
      node.bytes = Buffer.from(extra);
    }
    node.synced = node.bytes;
  }

  #change(change: Change): void {
    change(this.#tree);
    this.#changes.push(change);
  }
}

const ERRNOS: Readonly<Record<string, number>> = { ENOENT: 2, EPERM: 1, EIO: 5, EEXIST: 17, ENOTDIR: 20, EISDIR: 21, ENOSPC: 28 };

export function diskError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: simulated, ${path}`), { code, errno: -(ERRNOS[code] ?? 22) });
}

function folder(): DiskNode {
  return { isFolder: true, bytes: Buffer.alloc(0), synced: Buffer.alloc(0), modifiedAt: 0 };
}

function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}
