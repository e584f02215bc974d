import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { promisify } from 'node:util';
import { englishEnvironment } from '../lib/english-environment';
import { CertificateError } from './errors';
import { errnoOf } from '../lib/errno-of';

export interface TrustTarget {
  readonly platform: NodeJS.Platform;
  readonly homeDirectory: string;
  /** The authority's PEM file. */
  readonly authorityFile: string;
  /** Unique name of the authority, under which a store that wants one keeps it. */
  readonly name: string;
  /** Windows' own folder. Programs are named whole: Windows looks for a bare name in the current folder first. */
  readonly systemRoot?: string | undefined;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** A question to the user is part of it on Windows and macOS. */
const COMMAND_LIMIT_MS = 5 * 60_000;

export interface TrustPlan {
  readonly commands: readonly Command[];
  /** Made before them, for the user alone, if it is not there. */
  readonly directory?: string;
  /** Asked first, so that nothing is made where the program is missing. */
  readonly probe?: Command;
  /** What to do by hand when a program is missing. */
  readonly byHand: string;
}

/** How the user's own trust store is told; none of it needs an administrator. Windows and macOS show the user a question of their own. */
export function planTrust(target: TrustTarget, database: NssDatabase): TrustPlan {
  const { platform, homeDirectory, authorityFile, systemRoot = 'C:\\Windows' } = target;
  if (platform === 'win32') {
    return {
      commands: [{ program: win32.join(systemRoot, 'System32', 'certutil.exe'), args: ['-user', '-addstore', 'Root', authorityFile] }],
      byHand: `Open ${authorityFile} and install it into "Trusted Root Certification Authorities" of the current user.`,
    };
  }
  if (platform === 'darwin') {
    const keychain = posix.join(homeDirectory, 'Library', 'Keychains', 'login.keychain-db');
    return {
      commands: [
        { program: '/usr/bin/security', args: ['add-trusted-cert', '-r', 'trustRoot', '-p', 'ssl', '-k', keychain, authorityFile] },
      ],
      byHand: `Open ${authorityFile} in Keychain Access and set it to "Always Trust" for SSL.`,
    };
  }
  return planForNss(target, database);
}

function planForNss({ authorityFile, name }: TrustTarget, { directory, isThere }: NssDatabase): TrustPlan {
  const database = `sql:${directory}`;
  const create: Command = { program: 'certutil', args: ['-d', database, '-N', '--empty-password'] };
  return {
    probe: { program: 'certutil', args: ['--help'] },
    commands: [
      ...(isThere ? [] : [create]),
      { program: 'certutil', args: ['-d', database, '-A', '-t', 'C,,', '-n', name, '-i', authorityFile] },
    ],
    directory,
    byHand: [
      'Install certutil (Debian: "apt install libnss3-tools") and run this command again; or, by hand:',
      `Chromium, Chrome, Edge: Settings, Privacy and security, Security, Manage certificates: import ${authorityFile} as an authority for websites.`,
      `Firefox: Settings, Privacy & Security, View Certificates, Authorities: import ${authorityFile}.`,
    ].join('\n'),
  };
}

/** Tells the user's trust store. Throws `CertificateError` with what to do by hand when it cannot. */
export async function trustAuthority(target: TrustTarget, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const plan = planTrust(target, await findNssDatabase(target.homeDirectory, env));
  const run = ({ program, args }: Command): Promise<unknown> =>
    promisify(execFile)(program, args, { env: englishEnvironment(env), timeout: COMMAND_LIMIT_MS });
  try {
    if (plan.probe !== undefined) await run(plan.probe).catch(throwIfMissing);
    if (plan.directory !== undefined) await mkdir(plan.directory, { recursive: true, mode: 0o700 });
    for (const command of plan.commands) await run(command);
  } catch (error) {
    const program = plan.commands[0]?.program ?? '';
    const what = errnoOf(error) === 'ENOENT' ? 'is not installed' : 'did not add the certificate authority';
    throw new CertificateError(`${program} ${what}. ${plan.byHand}`, error);
  }
}

/** What it answers to the probe does not matter. */
function throwIfMissing(error: unknown): void {
  if (errnoOf(error) === 'ENOENT') throw error;
}

export interface NssDatabase {
  readonly directory: string;
  readonly isThere: boolean;
}

/**
 * The store that Chromium, Chrome and Edge read: `~/.pki/nssdb` where that folder is there, else, since version 146, the one among the
 * user's data (https://chromium.googlesource.com/chromium/src/+/main/docs/linux/cert_management.md).
 */
export async function findNssDatabase(homeDirectory: string, env: NodeJS.ProcessEnv): Promise<NssDatabase> {
  const old = posix.join(homeDirectory, '.pki', 'nssdb');
  const data = env['XDG_DATA_HOME'];
  const dataHome = data !== undefined && posix.isAbsolute(data) ? data : posix.join(homeDirectory, '.local', 'share');
  const directory = (await exists(old)) ? old : posix.join(dataHome, 'pki', 'nssdb');
  return { directory, isThere: await exists(posix.join(directory, 'cert9.db')) };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
