import { readdirSync } from 'node:fs';
import { usageOf } from '../../bench/parts/process-usage';
import { processTree } from './process-tree';
import type { Series } from './trend';

/** What is looked at, and how much of each may be more at the end than in the middle: what the kernel and the garbage collector leave open. */
export const MAY_RISE = {
  'memory of all processes (PSS, MB)': 12,
  'open handles of all processes': 8,
  'threads of all processes': 6,
  processes: 1.5,
  'handles of the service': 3,
  'timers of the service': 3,
  'files in the spool': 0.5,
} as const;

export type Resources = Readonly<Record<keyof typeof MAY_RISE, number>>;

/** @param metrics what `GET /metrics` gave @param spoolFiles how many there are */
export function resourcesOf(pid: number, metrics: string, spoolFiles: number): Resources {
  const { megabytes } = usageOf(pid);
  const tree = processTree(pid);
  const count = (folder: string): number => tree.reduce((sum, { pid: id }) => sum + entriesOf(`/proc/${id}/${folder}`), 0);
  return {
    'memory of all processes (PSS, MB)': megabytes,
    'open handles of all processes': count('fd'),
    'threads of all processes': count('task'),
    processes: tree.length,
    'handles of the service': entriesOf(`/proc/${pid}/fd`),
    'timers of the service': Number(/^nodejs_active_resources\{type="Timeout"\} (\d+)/m.exec(metrics)?.[1] ?? 0),
    'files in the spool': spoolFiles,
  };
}

export function seriesOf(samples: readonly { readonly at: number; readonly resources: Resources }[]): readonly Series[] {
  const names = Object.keys(MAY_RISE) as (keyof typeof MAY_RISE)[];
  return names.map((name) => ({
    name,
    mayRise: MAY_RISE[name],
    samples: samples.map(({ at, resources }) => ({ at, value: resources[name] })),
  }));
}

/** 0 when it has ended meanwhile. */
function entriesOf(folder: string): number {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0;
  }
}
