import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

export interface Usage {
  /** Seconds. */
  readonly cpu: number;
  /** Voluntary context switches: a thread that slept and was woken. */
  readonly wakeUps: number;
  /** Proportional set size. */
  readonly megabytes: number;
  readonly processes: number;
}

/** What a process and all below it use, from Linux' /proc. A process that ends meanwhile no longer counts. */
export function usageOf(pid: number): Usage {
  const sum = { cpu: 0, wakeUps: 0, megabytes: 0, processes: 0 };
  for (const id of processTree(pid)) {
    try {
      const fields = readFileSync(`/proc/${id}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      sum.cpu += (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
      sum.megabytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
      sum.processes += 1;
      for (const thread of readdirSync(`/proc/${id}/task`)) {
        const status = readFileSync(`/proc/${id}/task/${thread}/status`, 'utf8');
        sum.wakeUps += Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
      }
    } catch {
      // ended meanwhile
    }
  }
  return sum;
}

function processTree(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // ended meanwhile
    }
  }
  const tree = [pid];
  for (let index = 0; index < tree.length; index += 1) tree.push(...(children.get(tree[index] ?? 0) ?? []));
  return tree;
}
