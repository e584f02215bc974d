import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages } from '../../../scripts/docs/pages';
import { readEnvironment } from '../../../src/config/environment';
import { listSettings } from '../../../src/config/settings';
import { silentLogger } from '../../../src/lib/logger';
import { ENVIRONMENT_VARIABLES } from '../../../src/shared/environment-variables';
import { EXIT_CODES } from '../../../src/shared/exit-codes';
import { LOG_EVENTS } from '../../../src/shared/log-events/catalogue';
import type { LogEvents } from '../../../src/shared/log-events/declaration';

const ROOT = join(__dirname, '../../..');
const DECLARATIONS = /shared\/(log-events\/|exit-codes\.ts|environment-variables\.ts)/;

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => /\.ts$/.test(name) && !DECLARATIONS.test(name))
  .map((name) => ({ name, text: readFileSync(join(ROOT, 'src', name), 'utf8') }));
const everything = sources.map(({ text }) => text).join('\n');

/** Where in the sources, and what there. */
function matches(pattern: RegExp): string[] {
  return sources.flatMap(({ name, text }) => [...text.matchAll(pattern)].map((match) => `${name}: ${match[1] ?? match[0]}`));
}

describe('log events', () => {
  const declared = Object.values<LogEvents>(LOG_EVENTS).flatMap((events) =>
    Object.values(events).flatMap((texts) => Object.entries(texts)),
  );

  it('the logger takes no text and no level that is not declared', () => {
    // `npm run check` fails when one of these is no error any more.
    // @ts-expect-error nobody declared it
    silentLogger.info('a text that nobody declared');
    // @ts-expect-error declared for another level
    silentLogger.error('listening');
    expect(matches(/\blog(?:ger)?\.(?:debug|info|warn|error)\([^)]* as (?:never|any)\b/g)).toEqual([]);
  });

  it('every declared one is logged somewhere', () => {
    expect(declared.map(([text]) => text).filter((text) => !everything.includes(`'${text}'`))).toEqual([]);
  });

  it('every one is in the page with its meaning', () => {
    const page = pages()['log-events.md'];
    for (const [text, meaning] of declared) expect(page).toContain(`| ${text} | ${meaning} |`);
  });
});

describe('exit codes', () => {
  it('no source ends with a number of its own', () => {
    expect(matches(/(?:\bexit\(|\bexitCode = |\bEXIT_\w+ = )\d/g)).toEqual([]);
  });

  it('every declared one is used and in the page', () => {
    const names = { done: 'EXIT_DONE', failed: 'EXIT_FAILED', usage: 'EXIT_USAGE', notRunning: 'EXIT_NOT_RUNNING' };
    expect(Object.keys(names)).toEqual(Object.keys(EXIT_CODES));
    expect(Object.values(names).filter((name) => !everything.includes(name))).toEqual([]);
    for (const { code, meaning } of Object.values(EXIT_CODES)) expect(pages()['exit-codes.md']).toContain(`| ${code} | ${meaning} |`);
  });
});

describe('environment variables', () => {
  const known: ReadonlySet<string> = new Set([...Object.keys(ENVIRONMENT_VARIABLES), ...listSettings().map(({ variable }) => variable)]);

  it('every one that is read by name is declared', () => {
    const read = [
      ...matches(/\benv(?:ironment)?\)?\??\.?\['(\w+)'\]/g),
      ...matches(/\benv\.([A-Z]\w+)/g),
      ...matches(/'(SRS_[A-Z_]+)'/g),
      ...matches(/\b([A-Z][A-Z_]+)(?::[^,}]*)?[,}][^;{}]*\} = (?:process\.)?env;/g),
    ].map((place) => place.replace(/no_proxy$/, 'NO_PROXY'));
    expect(read.length).toBeGreaterThan(20);
    // The prefix itself, and a name that is misspelt as an example, are no names.
    expect(read.filter((place) => !/: SRS_(HTP_PORT)?$/.test(place) && !known.has(place.split(': ')[1] ?? ''))).toEqual([]);
  });

  it('every declared one is read somewhere', () => {
    expect(Object.keys(ENVIRONMENT_VARIABLES).filter((name) => !new RegExp(`\\b${name}\\b`).test(everything))).toEqual([]);
  });

  it('every setting’s variable is in the page of settings and is read', () => {
    for (const { variable, key } of listSettings()) {
      if (key === 'locked' || key === 'allowEnvironment') continue; // files only
      expect(pages()['settings.md']).toContain(`\`${variable}\``);
      const { unknown } = readEnvironment({ [variable]: 'x' }, '/');
      expect(unknown).toEqual([]);
    }
  });
});
