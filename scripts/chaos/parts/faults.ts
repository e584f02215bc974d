import type { ChaosWorld } from './chaos-world';
import type { FaultName } from './chaos-plan';
import { processTree } from './process-tree';

export interface Fault {
  readonly isForRoot?: boolean;
  readonly begin: (world: ChaosWorld) => Promise<void> | void;
  readonly end: (world: ChaosWorld) => Promise<void> | void;
}

const nothing = (): void => undefined;

/** What can go wrong around the service, and how it is put right. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = {
  killService: { begin: (world) => world.kill(), end: (world) => world.start() },
  killRenderer: { begin: (world) => signalBrowser(world, /--type=renderer/, 'SIGKILL'), end: nothing },
  killGpu: { begin: (world) => signalBrowser(world, /--type=gpu-process/, 'SIGKILL'), end: nothing },
  killBrowser: { begin: (world) => signalBrowser(world, /^(?!.*--type=).*--remote-debugging/, 'SIGKILL'), end: nothing },
  freezeService: { begin: (world) => signal(world.pid, 'SIGSTOP'), end: (world) => signal(world.pid, 'SIGCONT') },
  freezeBrowser: {
    begin: (world) => signalBrowser(world, /chrom/, 'SIGSTOP'),
    end: (world) => signalBrowser(world, /chrom/, 'SIGCONT'),
  },
  freezeRws: { begin: ({ link }) => link.freeze(), end: ({ link }) => link.thaw() },
  refuseRws: { begin: ({ link }) => link.refuse(), end: ({ link }) => link.accept() },
  forgetSessions: { begin: ({ simulator }) => simulator.control.dropSessions(), end: nothing },
  cutNetwork: { isForRoot: true, begin: ({ link }) => link.cut(), end: ({ link }) => link.mend() },
  noName: { isForRoot: true, begin: (world) => world.forgetRws(), end: (world) => world.nameRws() },
  fullDisk: { begin: ({ disk }) => disk.fill(), end: ({ disk }) => disk.empty() },
  readOnlyDisk: { isForRoot: true, begin: ({ disk }) => disk.makeReadOnly(), end: ({ disk }) => disk.makeWritable() },
  lockKeyring: { begin: ({ keyring }) => keyring.lock(), end: ({ keyring }) => keyring.runDaemon('unlocked') },
  hangKeyring: { begin: ({ keyring }) => keyring.pause(), end: ({ keyring }) => keyring.goOn() },
};

/** In the order of the table. */
export function faultsFor(isRoot: boolean): readonly FaultName[] {
  return (Object.keys(FAULTS) as FaultName[]).filter((name) => isRoot || FAULTS[name].isForRoot !== true);
}

function signalBrowser({ pid }: ChaosWorld, command: RegExp, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  const [, ...below] = processTree(pid);
  for (const child of below) if (/chrom/.test(child.command) && command.test(child.command)) signal(child.pid, name);
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
