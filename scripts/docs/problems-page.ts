import en from '../../src/shared/locales/en.json';
import { PROBLEM_CODES, PROBLEMS } from '../../src/shared/problem-catalogue';
import type { ProblemDeclaration } from '../../src/shared/problem-declaration';

const ACTORS = { agent: 'the agent', administrator: 'an administrator', nobody: 'nobody: it ends by itself' } as const;

/** `docs/problems.md`: every problem the service can show, from the catalogue. */
export function problemsPage(): string {
  return [
    '# Problems',
    '',
    'What tray, window, `srs status` and `GET /status` can show, by code. The agent reads the first sentence in the language of the system; administrators read the',
    'lines below it in `srs status`, `/status` and the log. A problem that follows from another one is not shown beside it.',
    '',
    'Written by `node scripts/generate-docs.mjs` from `src/shared/problem-catalogue.ts`.',
    '',
    ...PROBLEM_CODES.flatMap((code) => section(code, PROBLEMS[code] as ProblemDeclaration<unknown>)),
  ].join('\n');
}

function section(
  code: keyof typeof PROBLEMS,
  { severity, actor, action, showAfterMs, guide, ...texts }: ProblemDeclaration<unknown>,
): string[] {
  const kinds = texts.examples.map((facts) => `- ${texts.text(facts)} ${texts.remedy(facts)}`);
  const after = showAfterMs === undefined ? '' : ` Shown when it has lasted ${duration(showAfterMs)}.`;
  return [
    `## ${code}`,
    '',
    `**${en[`problem.${code}.text`]}.** ${en[`problem.${code}.remedy`]}`,
    '',
    `${severity === 'error' ? 'An error' : 'A warning'}; who can end it: ${ACTORS[actor]}. Button: *${en[`action.${action}`]}*.${after}`,
    '',
    ...kinds,
    '',
    ...(guide === undefined ? [] : [guide, '']),
  ];
}

function duration(ms: number): string {
  return ms < 60_000 ? `${ms / 1000} seconds` : `${ms / 60_000} minutes`;
}
