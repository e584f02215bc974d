import { untoldOwners, type ConnectionOwners } from './connection-owners';
import { LsofConnectionOwners } from './lsof-connection-owners';
import { ProcConnectionOwners } from './proc-connection-owners';
import { WindowsConnectionOwners } from './windows-connection-owners';
import { NativeWindowsSessions } from './windows-sessions';

/** The adapter of the system this runs on. */
export function systemConnectionOwners(platform: NodeJS.Platform = process.platform): ConnectionOwners {
  if (platform === 'win32') return new WindowsConnectionOwners({ system: new NativeWindowsSessions(), processId: process.pid });
  const uid = process.geteuid?.();
  if (uid === undefined) return untoldOwners;
  if (platform === 'linux') return new ProcConnectionOwners({ uid });
  return platform === 'darwin' ? new LsofConnectionOwners({ uid }) : untoldOwners;
}
