import type { ExaminedMachine } from '../diagnostics/examined-machine';
import type { Keychain } from '../lib/keychain';
import type { CommandTable } from './program';

export interface AdminHost {
  /** Gives what opens the keychain as this host reaches it; opened only by commands that need it. */
  readonly loadKeychain: () => Promise<() => Keychain>;
  /** As the doctor sees it from this host. */
  readonly loadMachine: () => Promise<ExaminedMachine>;
}

/** What an administrator needs on an agent's PC: part of the installed application too, which has no Node beside it. */
export function adminCommands({ loadKeychain, loadMachine }: AdminHost): CommandTable {
  return {
    status: async () => (await import('./status')).statusCommand(),
    doctor: async () => (await import('./doctor')).doctorCommand(await loadKeychain(), await loadMachine()),
    config: async () => (await import('./config')).configCommand(),
    certificate: async () => (await import('./certificate')).certificateCommand(await loadKeychain()),
    masks: async () => (await import('./masks')).masksCommand((await loadMachine()).windows),
    recordings: async () => (await import('./recordings')).recordingsCommand(await loadKeychain()),
    'support-bundle': async () => (await import('./support-bundle')).supportBundleCommand(await loadKeychain(), await loadMachine()),
  };
}
