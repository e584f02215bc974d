import type { PortHolder } from './connection-owners';

export interface RefusedPort {
  /** Such as `127.0.0.1`. */
  readonly address: string;
  readonly port: number;
  /** The setting that names the port, such as `http.port`. */
  readonly setting: string;
  /** What the system said: `EADDRINUSE` or `EACCES`. */
  readonly code: string;
  /** Who listens there, if that can be seen. */
  readonly holder: PortHolder | undefined;
}

export interface PortRefusal {
  /** One plain sentence: why it cannot be had. */
  readonly text: string;
  /** One plain sentence: what to do. */
  readonly remedy: string;
  /** It is another user's, or may be: it comes free by itself, when that person leaves. */
  readonly isAnotherUsers: boolean;
}

/** Why the service does not get its port, in words for whoever has to fix it. */
export function describePortRefusal({ address, port, setting, code, holder }: RefusedPort): PortRefusal {
  const set = `set ${setting} to the port that the agent desktop is told to use`;
  if (code === 'EACCES') {
    return {
      text: `the system does not give port ${port} on ${address} to this user`,
      remedy: `No program holds it. Give the right to use it, or ${set}.`,
      isAnotherUsers: false,
    };
  }
  const owner = holder?.owner;
  if (owner?.relation === 'otherUser' || owner?.relation === 'administrator') {
    return {
      text: `port ${port} on ${address} is held by another user of this computer, ${owner.user} (${describeProcess(holder) ?? NOT_SHOWN})`,
      remedy: `Have that user sign out of the computer, or ${set}.`,
      isAnotherUsers: true,
    };
  }
  const process = describeProcess(holder);
  if (owner?.relation === 'untold') {
    return {
      text: `port ${port} on ${address} is held by a program of which it cannot be told whose it is (${process ?? NOT_SHOWN})`,
      remedy: `End that program, have its user sign out of the computer, or ${set}.`,
      isAnotherUsers: true,
    };
  }
  const whose = owner?.relation === 'sameUser' ? ' of this user' : '';
  return {
    text: `port ${port} on ${address} is taken by another program${whose}${process === undefined ? '' : ` (${process})`}`,
    remedy: `End that program, or ${set}.`,
    isAnotherUsers: false,
  };
}

const NOT_SHOWN = "another user's process, which is not shown to this one";

function describeProcess(holder: PortHolder | undefined): string | undefined {
  const process = holder?.process;
  if (process === undefined) return undefined;
  return process.name === undefined ? `process ${process.id}` : `${process.name}, process ${process.id}`;
}
