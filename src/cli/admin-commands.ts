import { certificateCommand } from './certificate';
import { configCommand } from './config';
import { doctorCommand } from './doctor';
import { recordingsCommand } from './recordings';
import { statusCommand } from './status';
import { supportBundleCommand } from './support-bundle';

/** What an administrator needs on an agent's PC: part of the installed application too, which has no Node beside it. */
export const adminCommands = [statusCommand, doctorCommand, configCommand, certificateCommand, recordingsCommand, supportBundleCommand];

/** Do these words begin with an administrator's command? */
export function isAdminCommand(words: readonly string[]): boolean {
  return adminCommands.some((command) => command().name() === words[0]);
}
