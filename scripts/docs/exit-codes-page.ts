import { EXIT_CODES } from '../../src/shared/exit-codes';

/** `docs/exit-codes.md`, from the table that the program exits by. */
export function exitCodesPage(): string {
  return [
    '# Exit codes',
    '',
    'Of `srs` and of the installed application, which answers the same commands. A program that a signal ended has the shell’s 128 + its number.',
    '',
    'Written by `node scripts/generate-docs.mjs` from `src/shared/exit-codes.ts`.',
    '',
    '| code | meaning |',
    '|---|---|',
    ...Object.values(EXIT_CODES).map(({ code, meaning }) => `| ${code} | ${meaning} |`),
    '',
  ].join('\n');
}
