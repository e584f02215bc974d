import { readdirSync, readFileSync } from 'node:fs';

export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

/** A process and all below it, from Linux' /proc, the process itself first. */
export function processTree(pid: number): readonly RunningProcess[] {
  const children = new Map<number, number[]>();
  for (const id of processIds()) {
    const parent = Number(/^.*\) \S (\d+)/s.exec(read(`/proc/${id}/stat`))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  const tree = [pid];
  for (let index = 0; index < tree.length; index += 1) tree.push(...(children.get(tree[index] ?? 0) ?? []));
  return tree.map((id) => ({ pid: id, command: commandOf(id) })).filter(({ command }) => command !== '');
}

/** Whoever was started with this text among its arguments. */
export function processesThatName(text: string): readonly RunningProcess[] {
  return processIds()
    .map((pid) => ({ pid, command: commandOf(pid) }))
    .filter(({ pid, command }) => pid !== process.pid && command.includes(text));
}

function processIds(): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

/** Empty when it has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
