import type { LookAtSession, SessionPlace } from './front-session';

/** What Windows is asked for it. Every answer comes, or does not, within a deadline: rejects then. */
export interface WindowsSessionPlaces {
  /** The session a process runs in. */
  sessionOf(processId: number): Promise<number>;
  /** Of this process's session: its WTS_CONNECTSTATE_CLASS. */
  connectState(): Promise<number>;
  /** The session at the computer's own screen and keyboard; 0xFFFFFFFF while one takes another's place. */
  consoleSession(): Promise<number>;
}

export interface WindowsFrontOptions {
  readonly system: WindowsSessionPlaces;
  /** Of this process. */
  readonly processId: number;
}

/** Services run there, and nobody sits in front of it: it says that it is disconnected. */
const SERVICES = 0;
/** WTSActive, WTSConnected and WTSShadow: somebody sees this session. WTSDisconnected: nobody does. The others pass by. */
const SEEN: readonly number[] = [0, 1, 3];
const DISCONNECTED = 4;

/**
 * Windows: a session that somebody sees, at the console or remotely, is in front, so that on a server each of many is in front of its own. Whose
 * place another user took (fast user switching), or whose remote window was closed, is disconnected. A locked screen changes nothing of that.
 * Where the state is not told the session at the console is in front, and of any other nothing is known: rejects.
 */
export function lookAtWindows({ system, processId }: WindowsFrontOptions): LookAtSession {
  return async (): Promise<SessionPlace | undefined> => {
    const own = await system.sessionOf(processId);
    if (own === SERVICES) return undefined;
    const state = await system.connectState().catch(() => undefined); // asked in another way
    if (state === DISCONNECTED) return 'background';
    if (state !== undefined && SEEN.includes(state)) return 'front';
    if ((await system.consoleSession()) === own) return 'front';
    throw new Error('Windows does not tell whether somebody sees this session');
  };
}
