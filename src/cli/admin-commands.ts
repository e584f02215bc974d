import type { Keychain } from '../lib/keychain';
import type { CommandTable } from './program';

/**
 * What an administrator needs on an agent's PC: part of the installed application too, which has no Node beside it.
 * @param loadKeychain gives what opens the keychain as this host reaches it; opened only by commands that need it
 */
export function adminCommands(loadKeychain: () => Promise<() => Keychain>): CommandTable {
  return {
    status: async () => (await import('./status')).statusCommand(),
    doctor: async () => (await import('./doctor')).doctorCommand(await loadKeychain()),
    config: async () => (await import('./config')).configCommand(),
    certificate: async () => (await import('./certificate')).certificateCommand(await loadKeychain()),
    recordings: async () => (await import('./recordings')).recordingsCommand(await loadKeychain()),
    'support-bundle': async () => (await import('./support-bundle')).supportBundleCommand(await loadKeychain()),
  };
}
