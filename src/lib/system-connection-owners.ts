import { untoldOwners, type ConnectionOwners } from './connection-owners';
import { ProcConnectionOwners } from './proc-connection-owners';

/** The adapter of the system this runs on. */
export function systemConnectionOwners(platform: NodeJS.Platform = process.platform): ConnectionOwners {
  const uid = process.geteuid?.();
  return platform === 'linux' && uid !== undefined ? new ProcConnectionOwners({ uid }) : untoldOwners;
}
