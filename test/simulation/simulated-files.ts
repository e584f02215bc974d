import { constants } from 'node:fs';
import { basename, dirname } from 'node:path';
import { diskError, type DiskNode, type SimulatedDisk } from './simulated-disk';
import { SimulatedProcess } from './simulated-process';

/** Stands for `node:fs/promises` in the simulation: as much of it as the service uses, on the simulated disk. */
async function onDisk<T>(task: (disk: SimulatedDisk) => T): Promise<T> {
  const { current } = SimulatedProcess;
  await current.lives();
  try {
    // Of a process that is killed here, nobody sees the result.
    return current.operate(() => task(current.disk)) as T;
  } finally {
    await current.lives();
  }
}

interface Stats {
  readonly size: number;
  readonly mtimeMs: number;
  readonly mtime: Date;
  readonly uid: number | undefined;
  readonly mode: number;
  readonly nlink: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

function statsOf({ isFolder, bytes, modifiedAt }: DiskNode): Stats {
  return {
    size: bytes.length,
    mtimeMs: modifiedAt,
    mtime: new Date(modifiedAt),
    uid: process.getuid?.(),
    mode: 0o600,
    nlink: 1,
    isFile: () => !isFolder,
    isDirectory: () => isFolder,
  };
}

class SimulatedFile {
  readonly #node: DiskNode;

  constructor(node: DiskNode) {
    this.#node = node;
  }

  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }> {
    return onDisk((disk) => {
      disk.write(this.#node, bytes.subarray(offset, offset + length), position);
      return { bytesWritten: length };
    });
  }

  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }> {
    return onDisk((disk) => {
      if (disk.trouble === 'broken') throw diskError('EIO', 'a file');
      return { bytesRead: this.#node.bytes.copy(buffer, offset, position, position + length) };
    });
  }

  writeFile(content: string | Uint8Array): Promise<void> {
    return onDisk((disk) => disk.write(this.#node, Buffer.from(content), 0));
  }

  readFile(encoding?: BufferEncoding): Promise<Buffer | string> {
    return onDisk(() => (encoding === undefined ? Buffer.from(this.#node.bytes) : this.#node.bytes.toString(encoding)));
  }

  truncate(length: number): Promise<void> {
    return onDisk(() => void (this.#node.bytes = this.#node.bytes.subarray(0, length)));
  }

  stat(): Promise<Stats> {
    return onDisk(() => statsOf(this.#node));
  }

  sync(): Promise<void> {
    return onDisk((disk) => disk.sync(this.#node));
  }

  datasync(): Promise<void> {
    return this.sync();
  }

  close(): Promise<void> {
    return onDisk(() => undefined);
  }
}

export function open(path: string, flags: string | number): Promise<SimulatedFile> {
  return onDisk((disk) => {
    const isNew = typeof flags === 'string' && flags.includes('x');
    const isWritten = typeof flags === 'string' ? flags.startsWith('w') : (flags & constants.O_CREAT) !== 0;
    if (isNew || (isWritten && !disk.has(path))) return new SimulatedFile(disk.create(path, false));
    return new SimulatedFile(disk.find(path));
  });
}

export function rename(from: string, to: string): Promise<void> {
  return onDisk((disk) => disk.rename(from, to));
}

export function rm(path: string, { force = false }: { readonly force?: boolean }): Promise<void> {
  return onDisk((disk) => {
    if (disk.has(path)) disk.remove(path);
    else if (!force) throw diskError('ENOENT', path);
  });
}

export function mkdir(path: string, { recursive = false }: { readonly recursive?: boolean } = {}): Promise<void> {
  return onDisk((disk) => {
    const missing: string[] = [];
    for (let at = path; recursive && !disk.has(at); at = dirname(at)) missing.unshift(at);
    for (const folder of recursive ? missing : [path]) disk.create(folder, true);
  });
}

interface Entry {
  readonly name: string;
  readonly parentPath: string;
  isFile(): boolean;
  isDirectory(): boolean;
}

export async function readdir(
  path: string,
  options: { readonly withFileTypes?: boolean; readonly recursive?: boolean } = {},
): Promise<readonly (string | Entry)[]> {
  return onDisk((disk) => {
    const paths = options.recursive === true ? descendants(disk, path) : disk.children(path);
    if (options.withFileTypes !== true) return paths.map((child) => basename(child));
    return paths.map((child) => ({ name: basename(child), parentPath: dirname(child), ...statsOf(disk.find(child)) }));
  });
}

function descendants(disk: SimulatedDisk, path: string): readonly string[] {
  return disk.children(path).flatMap((child) => [child, ...(disk.find(child).isFolder ? descendants(disk, child) : [])]);
}

export function stat(path: string): Promise<Stats> {
  return onDisk((disk) => statsOf(disk.find(path)));
}

/** There are no links on the simulated disk. */
export function lstat(path: string): Promise<Stats> {
  return stat(path);
}

export function access(path: string): Promise<void> {
  return onDisk((disk) => void disk.find(path));
}

export async function realpath(path: string): Promise<string> {
  await access(path);
  return path;
}

export function statfs(path: string): Promise<{ bavail: number; bsize: number }> {
  return onDisk((disk) => {
    disk.find(path);
    return { bavail: disk.trouble === 'full' ? 0 : disk.freeBytes, bsize: 1 };
  });
}

export function readFile(path: string): Promise<Buffer> {
  return onDisk((disk) => {
    if (disk.trouble === 'broken') throw diskError('EIO', path);
    return Buffer.from(disk.find(path).bytes);
  });
}

export async function writeFile(path: string, content: Uint8Array): Promise<void> {
  await onDisk((disk) => disk.write(disk.has(path) ? disk.find(path) : disk.create(path, false), content, 0));
}

/** The service's own parts do not use these. */
export function mkdtemp(): Promise<never> {
  return notSimulated();
}

export function rmdir(): Promise<never> {
  return notSimulated();
}

export function symlink(): Promise<never> {
  return notSimulated();
}

async function notSimulated(): Promise<never> {
  throw new Error('not simulated');
}
