import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of objects and buffers that something still holds, after a garbage collection. */
export function collectedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect(); // Buffers are freed beside the collection: the next one waits for it.
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
