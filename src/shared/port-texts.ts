/** A port that the service does not get. */
export interface RefusedPort {
  /** Such as `127.0.0.1`. */
  readonly address: string;
  readonly port: number;
  /** The setting that names the port, such as `http.port`. */
  readonly setting: string;
}

/** Who listens there, as far as it can be seen. */
export interface TakenPort extends RefusedPort {
  /** `untold`: some user's, and it cannot be told whose; absent: not known at all. */
  readonly whose?: 'sameUser' | 'otherUser' | 'untold';
  /** The other user's name. */
  readonly user?: string;
  /** Absent where this user may not see into the process. */
  readonly process?: { readonly id: number; readonly name?: string };
}

/** One plain sentence without its full stop: why the port cannot be had. */
export function takenPortText({ address, port, whose, user, process }: TakenPort): string {
  const name =
    process === undefined ? undefined : process.name === undefined ? `process ${process.id}` : `${process.name}, process ${process.id}`;
  const place = `port ${port} on ${address}`;
  if (whose === 'otherUser') return `${place} is held by another user of this computer, ${user ?? ''} (${name ?? NOT_SHOWN})`;
  if (whose === 'untold') return `${place} is held by a program of which it cannot be told whose it is (${name ?? NOT_SHOWN})`;
  return `${place} is taken by another program${whose === 'sameUser' ? ' of this user' : ''}${name === undefined ? '' : ` (${name})`}`;
}

/** One plain sentence: what to do. */
export function takenPortRemedy({ whose, setting }: TakenPort): string {
  const set = setThePort(setting);
  if (whose === 'otherUser') return `Have that user sign out of the computer, or ${set}.`;
  if (whose === 'untold') return `End that program, have its user sign out of the computer, or ${set}.`;
  return `End that program, or ${set}.`;
}

export function deniedPortText({ address, port }: RefusedPort): string {
  return `the system does not give port ${port} on ${address} to this user`;
}

export function deniedPortRemedy({ setting }: RefusedPort): string {
  return `No program holds it. Give the right to use it, or ${setThePort(setting)}.`;
}

const NOT_SHOWN = "another user's process, which is not shown to this one";

function setThePort(setting: string): string {
  return `set ${setting} to the port that the agent desktop is told to use`;
}
