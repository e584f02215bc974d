import { ENVIRONMENT_VARIABLES } from '../../src/shared/environment-variables';

/** `docs/environment.md`: what is read from the environment and is no setting. */
export function environmentPage(): string {
  return [
    '# Environment variables',
    '',
    'Every setting has a variable, `SRS_…`: [settings.md](settings.md). Besides these the program reads what follows; most are the system’s own. An installed program takes no *settings* from',
    'its environment unless an administrator allows it (`allowEnvironment`).',
    '',
    'Written by `node scripts/generate-docs.mjs` from `src/shared/environment-variables.ts`.',
    '',
    '| variable | what it is read for |',
    '|---|---|',
    ...Object.entries(ENVIRONMENT_VARIABLES).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`),
    '',
  ].join('\n');
}
