import type { ProblemDeclaration } from './problem-declaration';

type Counted = { readonly count: number };
type Reasoned = { readonly reason: string };

/** Why recordings cannot be uploaded. `reason`: what RWS, the disk or the queue said, as one plain sentence without paths. */
export type StuckUploads =
  | ({ readonly cause: 'refused' | 'disk' | 'overdue' } & Counted & Reasoned)
  | ({ readonly cause: 'damaged' } & Counted)
  /** `servers`: the pair that commanded the first of them; absent: made by a version that did not note it. */
  | ({ readonly cause: 'retired'; readonly servers?: string } & Counted)
  | ({ readonly cause: 'loginRefused' | 'noContactCenter' | 'unreachable' } & Reasoned);
export type StuckCause = StuckUploads['cause'];

const REMEDIES: Readonly<Record<StuckCause, string>> = {
  refused: 'They are kept on this computer. Remove the cause, then retry them from the status window or with "srs recordings retry".',
  damaged:
    'They are kept in the folder spool/damaged of the data directory: "srs recordings list" shows them, "srs recordings export" saves their video.',
  disk: 'Have the disk looked at, and the rights to the data directory. What was recorded is kept and tried again every 15 s.',
  retired:
    'They are kept. Configure or allow that server, then have the agent sign in there, or keep them elsewhere with "srs recordings export".',
  loginRefused: 'Sign in again with the current password, or have the account looked at. They are kept and tried again.',
  noContactCenter: 'Have the agent assigned to a contact centre in RWS, then sign in again. They are kept until then.',
  unreachable: 'Check the connection to RWS with "srs doctor". They are kept and tried again.',
  overdue: 'They are kept. Let that agent sign in, or keep them elsewhere with "srs recordings export".',
};

function text(stuck: StuckUploads): string {
  switch (stuck.cause) {
    case 'refused':
      return `RWS does not take ${recordings(stuck)}: ${stuck.reason}`;
    case 'damaged':
      return `On this computer ${recordings(stuck)} cannot be read, wholly or in part: damaged on the disk.`;
    case 'disk':
      return `On this computer ${recordings(stuck)} cannot be finished: the disk refuses (${stuck.reason}).`;
    case 'retired':
      return `No login can upload ${recordings(stuck)}: ${whyRetired(stuck.servers)}.`;
    case 'overdue':
      return `For longer than spool.retentionDays ${recordings(stuck)} could not be uploaded. ${stuck.reason}`;
    case 'unreachable':
      return `Recordings cannot be uploaded at present. ${stuck.reason}`;
    case 'loginRefused':
    case 'noContactCenter':
      return `Recordings cannot be uploaded: ${stuck.reason}`;
  }
}

function whyRetired(servers: string | undefined): string {
  return servers === undefined
    ? 'an earlier version made them for configured recording servers only, and none is configured'
    : `made for ${servers}, which is neither configured nor in allowedServers any more`;
}

function recordings({ count }: Counted): string {
  return count === 1 ? 'one recording' : `${count} recordings`;
}

const REASON = 'Why.';

/** The words of `uploadsStuck`. */
export const STUCK_UPLOADS = {
  text: (stuck) => text(stuck).trim(),
  remedy: ({ cause }) => REMEDIES[cause],
  examples: [
    { cause: 'refused', count: 2, reason: REASON },
    { cause: 'damaged', count: 1 },
    { cause: 'disk', count: 1, reason: 'EIO: i/o error' },
    { cause: 'retired', count: 3, servers: 'https://rws.example.com' },
    { cause: 'retired', count: 1 },
    { cause: 'loginRefused', reason: REASON },
    { cause: 'noContactCenter', reason: REASON },
    { cause: 'unreachable', reason: REASON },
    { cause: 'overdue', count: 1, reason: REASON },
  ],
} satisfies Pick<ProblemDeclaration<StuckUploads>, 'text' | 'remedy' | 'examples'>;
