import type { FileHandle } from 'node:fs/promises';

export async function writeWhole(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}

/** Reads `length` bytes; fewer only at the end of the file. */
export function readWhole(file: FileHandle, position: number, length: number): Promise<Buffer> {
  return readInto(file, position, Buffer.allocUnsafe(length));
}

/** Fills `buffer`; gives less of it only at the end of the file. */
export async function readInto(file: FileHandle, position: number, buffer: Buffer): Promise<Buffer> {
  const { length } = buffer;
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
