import { FAILURE_CODES } from '../../src/shared/failure-codes';

/** `docs/failure-codes.md`, from the list that reports and `/status` take their codes from. */
export function failureCodesPage(): string {
  return [
    '# Failure codes',
    '',
    'Why a recording or its upload failed, for programs. The code stands as `code` beside `reason` in state reports to RWS, in `GET /status` and in `srs status --json`; the text of `reason` may change, a code does not.',
    '',
    'Written by `node scripts/generate-docs.mjs` from `src/shared/failure-codes.ts`.',
    '',
    '| code | meaning |',
    '|---|---|',
    ...Object.entries(FAILURE_CODES).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`),
    '',
  ].join('\n');
}
