import { basename } from 'node:path/win32';
import type { NativeFunctions } from './native-functions';
import { readText } from './native-values';
import type { WindowProcess } from './ports';

const QUERY_LIMITED_INFORMATION = 0x1000;
/** A longer path is a program that is not known. */
const PATH_LETTERS = 2048;

/** The programs of windows. Each is asked for once, until `forget`: a window keeps its process, and so its number, for as long as it is there. */
export class NativeProcesses {
  readonly #native: NativeFunctions;
  readonly #files = new Map<number, string | undefined>();

  constructor(native: NativeFunctions) {
    this.#native = native;
  }

  /** Another window may have the number of a process that has ended. */
  forget(): void {
    this.#files.clear();
  }

  ofWindow(window: number): WindowProcess {
    const id = this.idOf(window);
    if (!this.#files.has(id)) this.#files.set(id, this.#fileOf(id));
    return { id, file: this.#files.get(id) };
  }

  /** 0 for a window that is gone. */
  idOf(window: number): number {
    const id = Buffer.alloc(4);
    this.#native.call('GetWindowThreadProcessId', window, id);
    return id.readUInt32LE();
  }

  #fileOf(id: number): string | undefined {
    const handle = id === 0 ? 0 : this.#native.call('OpenProcess', QUERY_LIMITED_INFORMATION, 0, id);
    if (handle === 0) return undefined;
    try {
      const path = readText(PATH_LETTERS, (text) => {
        const letters = Buffer.alloc(4);
        letters.writeUInt32LE(PATH_LETTERS);
        const isTold = this.#native.call('QueryFullProcessImageNameW', handle, 0, text, letters) !== 0;
        return isTold ? letters.readUInt32LE() : 0;
      });
      return path === undefined || path === '' ? undefined : basename(path);
    } finally {
      this.#native.call('CloseHandle', handle);
    }
  }
}
