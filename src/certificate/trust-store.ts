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

export interface TrustPlan {
  readonly commands: readonly Command[];
  /** Made first, with these rights for the user alone, if it is not there. */
  readonly directory?: string;
  /** What to do by hand when a program is missing. */
  readonly byHand: string;
}

/** How the user's own trust store is told; none of it needs an administrator. Windows and macOS show the user a question of their own. */
export function planTrust(
  { platform, homeDirectory, authorityFile, name, systemRoot = 'C:\\Windows' }: TrustTarget,
  hasDatabase: boolean,
): TrustPlan {
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
  const directory = nssDatabase(homeDirectory);
  const database = `sql:${directory}`;
  const create: Command = { program: 'certutil', args: ['-d', database, '-N', '--empty-password'] };
  return {
    commands: [
      ...(hasDatabase ? [] : [create]),
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
  const hasDatabase = await access(posix.join(nssDatabase(target.homeDirectory), 'cert9.db')).then(
    () => true,
    () => false,
  );
  const plan = planTrust(target, hasDatabase);
  try {
    if (plan.directory !== undefined) await mkdir(plan.directory, { recursive: true, mode: 0o700 });
    for (const { program, args } of plan.commands) await promisify(execFile)(program, args, { env: englishEnvironment(env) });
  } catch (error) {
    const isMissing = errnoOf(error) === 'ENOENT';
    const program = plan.commands[0]?.program ?? '';
    throw new CertificateError(
      `${isMissing ? `${program} is not installed` : `${program} did not add the certificate authority`}. ${plan.byHand}`,
      error,
    );
  }
}

function nssDatabase(homeDirectory: string): string {
  return posix.join(homeDirectory, '.pki', 'nssdb');
}
