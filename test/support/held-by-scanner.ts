import fs from 'node:fs/promises';

const OPERATIONS = ['open', 'rename', 'rm'] as const;
const CODES = ['EPERM', 'EACCES', 'EBUSY'] as const;

export interface Scanner {
  /** How many opens, renames and removals there were. */
  readonly calls: number;
  leave(): void;
}

/**
 * A virus scanner: Node's opens, renames and removals fail as they do on Windows while one holds the file.
 * @param holds whether the nth call, from 0, fails; `what` is `rm /folder/file`
 */
export function letScannerHold(holds: (call: number, what: string) => boolean): Scanner {
  let calls = 0;
  const spies = OPERATIONS.map((name) => {
    const real = fs[name] as (...args: unknown[]) => Promise<unknown>;
    return jest.spyOn(fs, name as 'rm').mockImplementation((async (...args: unknown[]) => {
      const call = calls++;
      if (!holds(call, `${name} ${String(args[0])}`)) return real.apply(fs, args);
      const code = CODES[call % CODES.length] ?? 'EPERM';
      const message = `${code}: operation not permitted, ${name} '${String(args[0])}'`;
      throw Object.assign(new Error(message), { code, errno: -1, syscall: name, path: args[0] });
    }) as typeof fs.rm);
  });
  return {
    get calls() {
      return calls;
    },
    leave: () => spies.forEach((spy) => spy.mockRestore()),
  };
}
