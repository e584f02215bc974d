import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** SYSTEM, Administrators, TrustedInstaller, and what a folder's creator gets, by SDDL abbreviation and by SID. */
const ADMINISTRATORS: ReadonlySet<string> = new Set([
  'SY',
  'BA',
  'LA',
  'DA',
  'EA',
  'S-1-5-18',
  'S-1-5-32-544',
  'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
]);
/** Rights that change a file, its rights or its owner: write data, append, DELETE, WRITE_DAC, WRITE_OWNER, GENERIC_WRITE and GENERIC_ALL. */
const WRITING = 0x0002 | 0x0004 | 0x10000 | 0x40000 | 0x80000 | 0x40000000 | 0x10000000;
const WRITING_WORDS: ReadonlySet<string> = new Set(['FA', 'FW', 'GA', 'GW', 'SD', 'WD', 'WO', 'DC', 'LC']);
const DEADLINE_MS = 8000;

/** Who but administrators may write, from a security descriptor as text (Microsoft, *Security Descriptor String Format*). */
export function windowsWriters(sddl: string | undefined): string | undefined {
  if (sddl === undefined) return undefined;
  const owner = /O:(S-[\d-]+|[A-Z]{2})/.exec(sddl)?.[1];
  if (owner !== undefined && !ADMINISTRATORS.has(owner)) return `belongs to ${owner}, who is no administrator`;
  const entries = [...sddl.matchAll(/\((\w+);(\w*);(\w*);([^;)]*);([^;)]*);([^;)]+)[^)]*\)/g)];
  const writer = entries.find(
    ([, type, flags, rights, , , who]) =>
      type === 'A' && !/IO/.test(flags ?? '') && mayWrite(rights ?? '') && who !== 'CO' && !ADMINISTRATORS.has(who ?? ''),
  );
  return writer === undefined ? undefined : `can be changed by ${writer[6]}; let only administrators write it (icacls)`;
}

function mayWrite(rights: string): boolean {
  if (/^0x/i.test(rights)) return (Number.parseInt(rights, 16) & WRITING) !== 0;
  return (rights.match(/../g) ?? []).some((right) => WRITING_WORDS.has(right));
}

/** The security descriptor of a file or folder; `undefined` when Windows does not tell it within 8 s. */
export function readWindowsAccess(path: string): Promise<string | undefined> {
  const powershell = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  const script = '[Console]::Out.Write((Get-Acl -LiteralPath $env:SRS_LOOK_AT).Sddl)';
  const options = { timeout: DEADLINE_MS, windowsHide: true, env: { ...process.env, SRS_LOOK_AT: path } };
  return new Promise((resolve) =>
    execFile(powershell, ['-NoProfile', '-NonInteractive', '-Command', script], options, (error, stdout) =>
      resolve(error === null && stdout !== '' ? stdout : undefined),
    ),
  );
}
