import type { Command } from 'commander';
import type { Keychain } from '../lib/keychain';
import { certificateCommand } from './certificate';
import { configCommand } from './config';
import { doctorCommand } from './doctor';
import { recordingsCommand } from './recordings';
import { statusCommand } from './status';
import { supportBundleCommand } from './support-bundle';

/**
 * What an administrator needs on an agent's PC: part of the installed application too, which has no Node beside it.
 * @param openKeychain as this host reaches it; asked only by commands that need it
 */
export function adminCommands(openKeychain: () => Keychain): readonly (() => Command)[] {
  return [
    statusCommand,
    () => doctorCommand(openKeychain),
    configCommand,
    () => certificateCommand(openKeychain),
    () => recordingsCommand(openKeychain),
    () => supportBundleCommand(openKeychain),
  ];
}
