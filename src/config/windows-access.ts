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

interface Rights {
  /** As bits of an access mask. */
  readonly mask: number;
  /** As SDDL writes them. */
  readonly words: ReadonlySet<string>;
}

/** DELETE, WRITE_DAC, WRITE_OWNER, GENERIC_WRITE and GENERIC_ALL. */
const REPLACING = 0x10000 | 0x40000 | 0x80000 | 0x40000000 | 0x10000000;
const REPLACING_WORDS = ['FA', 'GA', 'GW', 'SD', 'WD', 'WO'];
/** What changes a file, its rights or its owner: write data and append too. */
const OF_FILE: Rights = { mask: REPLACING | 0x0002 | 0x0004, words: new Set([...REPLACING_WORDS, 'FW', 'DC', 'LC']) };
/** What takes files out of a folder. Whoever may but add some cannot replace one, and what they add is theirs, and refused. */
const OF_FOLDER: Rights = { mask: REPLACING | 0x0040, words: new Set([...REPLACING_WORDS, 'DT']) };

/** Who but administrators may change a file or what a folder holds, from a security descriptor as text (Microsoft, *Security Descriptor String Format*). */
export function windowsWriters(sddl: string, what: 'file' | 'folder'): string | undefined {
  const owner = /O:(S-[\d-]+|[A-Z]{2})/.exec(sddl)?.[1];
  if (owner === undefined) return 'belongs to nobody whom Windows names';
  if (!ADMINISTRATORS.has(owner)) return `belongs to ${owner}, who is no administrator`;
  const access = /D:(.*)$/.exec(sddl)?.[1] ?? 'NO_ACCESS_CONTROL';
  if (access.includes('NO_ACCESS_CONTROL')) return 'can be changed by everybody; let only administrators write it (icacls)';
  const writer = entriesOf(access).find(({ isAllowed, flags, rights, who }) => {
    const isForOthers = who !== 'CO' && !ADMINISTRATORS.has(who);
    return isAllowed && isForOthers && !flags.includes('IO') && mayWrite(rights, what === 'file' ? OF_FILE : OF_FOLDER);
  });
  return writer === undefined ? undefined : `can be changed by ${writer.who}; let only administrators write it (icacls)`;
}

interface Entry {
  readonly isAllowed: boolean;
  readonly flags: readonly string[];
  readonly rights: string;
  readonly who: string;
}

function entriesOf(access: string): readonly Entry[] {
  const entries = access.matchAll(/\((\w+);(\w*);(\w*);([^;)]*);([^;)]*);([^;)]+)[^)]*\)/g);
  // A conditional one (XA) may hold as well.
  return [...entries].map(([, type, flags = '', rights = '', , , who = '']) => ({
    isAllowed: type === 'A' || type === 'XA',
    flags: flags.match(/../g) ?? [],
    rights,
    who,
  }));
}

function mayWrite(rights: string, { mask, words }: Rights): boolean {
  if (/^0x/i.test(rights)) return (Number.parseInt(rights, 16) & mask) !== 0;
  return (rights.match(/../g) ?? []).some((right) => words.has(right));
}
