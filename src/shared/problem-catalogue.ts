import { LISTENING_PROBLEMS } from './listening-problems';
import { declare, type NoFacts, type ProblemDeclaration, type Reason } from './problem-declaration';
import { CAPTURE_REMEDIES, type CaptureCause } from './problem-remedies';
import { STUCK_UPLOADS, type StuckUploads } from './stuck-uploads-texts';

/** What the disk has left, in megabytes, and what it has to keep; `full`: it refuses to be written. */
type DiskRoom = 'full' | { readonly freeMegabytes: number; readonly floorMegabytes: number; readonly finishingMegabytes?: number };

const KEYCHAIN_REMEDY = 'Unlock or install the keychain (on Linux: a Secret Service such as gnome-keyring).';

/** In the order of the documents. A new problem: one entry here, its two messages in `locales/*.json`, and `node scripts/generate-docs.mjs`. */
export const PROBLEMS = {
  ...LISTENING_PROBLEMS,
  rwsUnreachable: declare<Reason>({
    severity: 'error',
    actor: 'nobody',
    action: 'reconnect',
    showAfterMs: 5000,
    text: ({ reason }) => `The recording server cannot be reached: ${reason}`,
    remedy: () => 'Check the network and RWS; the connection comes back by itself. "srs doctor" looks step by step.',
    guide: '`srs doctor` tries each step of the way.',
    examples: [{ reason: 'no answer within 10 s.' }],
  }),
  startOperationRefused: declare<Reason>({
    severity: 'warning',
    actor: 'administrator',
    action: 'openLogs',
    text: ({ reason }) => `The recording server refused the operation that rws.startOperation names: ${reason}`,
    remedy: () => 'Recording works without it. Set rws.startOperation to null, or to what this server takes.',
    examples: [{ reason: 'Parameter channels is invalid.' }],
  }),
  credentialsRefused: declare<Reason>({
    severity: 'error',
    actor: 'agent',
    action: 'reconnect',
    text: ({ reason }) => `The recording server no longer accepts the agent: ${reason}`,
    remedy: () => 'Log in again in the agent desktop, with the current password.',
    guide: 'Check the account. After a refusal the password is tried once more within 30 minutes at most, so that no account is locked.',
    examples: [{ reason: 'Not authenticated.' }],
  }),
  captureFailed: declare<Reason & { readonly cause: CaptureCause; readonly isTriedAgain?: boolean }>({
    severity: 'error',
    actor: 'agent',
    action: 'restart',
    text: ({ reason }) => reason,
    remedy: ({ cause, isTriedAgain }) => {
      const { remedy, meanwhile } = CAPTURE_REMEDIES[cause];
      return isTriedAgain === true ? (meanwhile ?? remedy) : remedy;
    },
    guide: 'Linux with Wayland: use an X11 session. Elsewhere the log says what the capture reported.',
    examples: (Object.keys(CAPTURE_REMEDIES) as CaptureCause[]).map((cause) => ({ reason: 'What the capture said.', cause })),
  }),
  capturePermission: declare<Partial<Reason>>({
    severity: 'error',
    actor: 'agent',
    action: 'openScreenSettings',
    text: ({ reason }) => reason ?? 'macOS does not let this program record the screen.',
    remedy: () => 'Allow this program to record the screen in the settings of the system, then start it again.',
    guide: 'macOS: System Settings, Privacy & Security, Screen & System Audio Recording.',
    examples: [{}],
  }),
  screenIncomplete: declare<NoFacts>({
    severity: 'warning',
    actor: 'agent',
    action: 'collectDiagnostics',
    text: () => 'Only the windows of X programs are recorded: this is a Wayland session, and the X display shows no others.',
    remedy: () => 'Use an X11 (Xorg) session on agents’ PCs.',
    examples: [{}],
  }),
  windowsUnknown: declare<{ readonly isRecorded: boolean }>({
    severity: 'error',
    actor: 'administrator',
    action: 'collectDiagnostics',
    text: ({ isRecorded }) =>
      isRecorded
        ? 'The windows that are to be covered cannot be told from the others, so the whole display is covered in the video.'
        : 'The windows that are to be covered cannot be told from the others, so nothing is recorded.',
    remedy: () => 'Use an X11 (Xorg) session on agents’ PCs; "srs masks test" says whether the windows can be read.',
    examples: [{ isRecorded: true }, { isRecorded: false }],
  }),
  diskFloor: declare<DiskRoom>({
    severity: 'error',
    actor: 'agent',
    action: 'openDataFolder',
    text: (room) => {
      if (room === 'full') return 'The disk is full.';
      const { freeMegabytes, floorMegabytes, finishingMegabytes: finishing } = room;
      const forFinishing = finishing === undefined ? '' : `, and ${finishing} MB are needed to finish the recording`;
      return `Only ${freeMegabytes} MB are free on the disk; ${floorMegabytes} MB must stay free${forFinishing}.`;
    },
    remedy: () => 'Free disk space, or lower spool.minFreeMegabytes. Recording goes on by itself.',
    guide: '`srs recordings list` shows what waits to be uploaded.',
    examples: [{ freeMegabytes: 900, floorMegabytes: 1024 }, { freeMegabytes: 1030, floorMegabytes: 1024, finishingMegabytes: 12 }, 'full'],
  }),
  spoolFull: declare<{ readonly maxMegabytes: number }>({
    severity: 'error',
    actor: 'agent',
    action: 'openDataFolder',
    text: ({ maxMegabytes }) => `Recordings that wait to be uploaded fill the ${maxMegabytes} MB kept for them.`,
    remedy: () => 'Let them be uploaded: check the connection to RWS, or raise spool.maxMegabytes.',
    guide: '`srs recordings list` shows why recordings wait.',
    examples: [{ maxMegabytes: 10_240 }],
  }),
  uploadsStuck: declare<StuckUploads>({
    ...STUCK_UPLOADS,
    severity: 'error',
    actor: 'administrator',
    action: 'retryUploads',
    showAfterMs: 15 * 60_000,
    follows: ({ cause }) => (cause === 'unreachable' ? ['rwsUnreachable'] : []),
    guide:
      '`srs recordings list` names the reason; remove it, then `srs recordings retry`. A login that RWS refuses is tried again after half an hour, when its agent logs in, or with `srs recordings retry`; a server that is away every five minutes at the latest. A damaged description: save the video with `srs recordings export`, then remove the two files from `spool/damaged`. A media file that is damaged is not uploaded; the export has zeros for what cannot be read. A recording parts of which are damaged: what could be shown was uploaded, with its gaps; check the disk, save the rest with `srs recordings export` if it is wanted (the container as the browser wrote it, Matroska or WebM, for a player that steps over missing bytes), then remove its folder from `spool/damaged`.',
  }),
  remuxFailed: declare<NoFacts>({
    severity: 'warning',
    actor: 'administrator',
    action: 'collectDiagnostics',
    text: () => 'A recording could not be converted to MP4; it is uploaded in the form it was recorded in.',
    remedy: () => 'The recording is not lost. Send a support bundle to whoever maintains this program.',
    examples: [{}],
  }),
  keychainUnavailable: declare<NoFacts>({
    severity: 'warning',
    actor: 'agent',
    action: 'restart',
    text: () => 'The system’s keychain cannot be used, so the agent’s session will not survive a restart of this program.',
    remedy: () => KEYCHAIN_REMEDY,
    guide:
      'The problem goes within seconds of the keychain’s return, without a restart. A keyring that logging in does not unlock (automatic login) is asked for once, in the system’s own window.',
    examples: [{}],
  }),
  noRecordingKey: declare<NoFacts>({
    severity: 'error',
    actor: 'agent',
    action: 'restart',
    text: () => 'Recordings cannot be sealed: the system’s keychain cannot be used. Nothing is recorded until it can be.',
    remedy: () => `${KEYCHAIN_REMEDY} Or set spool.keyFallback to "file".`,
    examples: [{}],
  }),
  recordingKeyInFile: declare<NoFacts>({
    severity: 'warning',
    actor: 'administrator',
    action: 'restart',
    text: () => 'The system’s keychain cannot be used: recordings are sealed with a key that lies in an owner-only file.',
    remedy: () => KEYCHAIN_REMEDY,
    examples: [{}],
  }),
  certificateExpiring: declare<{ readonly day: string; readonly isExpired: boolean; readonly isOwn: boolean }>({
    severity: 'warning',
    actor: 'administrator',
    action: 'openLogs',
    text: ({ day, isExpired }) => `The certificate of the https address ${isExpired ? 'expired' : 'expires'} on ${day}.`,
    remedy: ({ isOwn }) =>
      isOwn
        ? 'Run "srs certificate renew", then "srs certificate trust".'
        : 'Renew it, and replace the files that https.certificate and https.key, or https.pfx, name.',
    examples: [
      { day: '2030-01-31', isExpired: false, isOwn: true },
      { day: '2030-01-31', isExpired: true, isOwn: false },
    ],
  }),
  certificateUnavailable: declare<Reason & { readonly isOwn: boolean }>({
    severity: 'error',
    actor: 'administrator',
    action: 'openLogs',
    follows: () => ['diskFloor'],
    text: ({ reason }) => `The https address has no certificate, and is not there: ${reason}`,
    remedy: ({ isOwn }) =>
      `Correct ${isOwn ? 'the rights on the folder "certificate" in the data directory' : 'the settings https.* or the files they name'}. It is looked at again by itself.`,
    guide: 'The text says why the certificate of `https.*` cannot be used. It is looked at again within half a minute.',
    examples: [
      { reason: 'why.', isOwn: true },
      { reason: 'why.', isOwn: false },
    ],
  }),
  filesNotWritten: declare<{ readonly names: readonly string[]; readonly errno: string; readonly isDiskFull: boolean }>({
    severity: 'warning',
    actor: 'agent',
    action: 'openDataFolder',
    follows: ({ isDiskFull }) => (isDiskFull ? ['diskFloor'] : []),
    text: ({ names, errno }) => `Files in the data directory cannot be written (${errno}): ${names.join(', ')}.`,
    remedy: ({ isDiskFull }) =>
      isDiskFull
        ? 'Free disk space. They are written by themselves as soon as there is some.'
        : 'Give this user the right to write in the data directory. They are written by themselves then.',
    examples: [
      { names: ['status-token'], errno: 'ENOSPC', isDiskFull: true },
      { names: ['status-token'], errno: 'EACCES', isDiskFull: false },
    ],
  }),
  updateFailed: declare<Reason>({
    severity: 'warning',
    actor: 'administrator',
    action: 'checkForUpdates',
    text: ({ reason }) => `A new version could not be fetched or installed: ${reason}`,
    remedy: () => 'Check the network and updates.url, then check again.',
    examples: [{ reason: 'why.' }],
  }),
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
export type ProblemFacts<Code extends ProblemCode> = (typeof PROBLEMS)[Code] extends ProblemDeclaration<infer Facts> ? Facts : never;
/** A problem that was raised: its code and its facts. */
export type RaisedProblem = { readonly [Code in ProblemCode]: { readonly code: Code; readonly facts: ProblemFacts<Code> } }[ProblemCode];

export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];

/** The English of administrators, and which problems it follows from. */
export function describeRaised({ code, facts }: RaisedProblem): {
  readonly text: string;
  readonly remedy: string;
  readonly follows: readonly string[];
} {
  const declaration = PROBLEMS[code] as ProblemDeclaration<unknown>;
  return { text: declaration.text(facts), remedy: declaration.remedy(facts), follows: declaration.follows?.(facts) ?? [] };
}

/** How long the trouble must last before it is raised, in milliseconds. */
export function showAfterMs(code: ProblemCode): number {
  return (PROBLEMS[code] as ProblemDeclaration<unknown>).showAfterMs ?? 0;
}
