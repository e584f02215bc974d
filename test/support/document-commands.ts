import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const FENCE = /^```(\w*)\n([\s\S]*?)^```/gm;
const SHELLS = ['sh', 'bash', 'console', 'shell'];
const KNOWN_LANGUAGES = [
  ...SHELLS,
  'powershell',
  'json',
  'yaml',
  'ts',
  'js',
  'html',
  'http',
  'mermaid',
  'csharp',
  'xml',
  'reg',
  'text',
  '',
];

export interface ShellBlock {
  readonly file: string;
  /** Logical lines: continued ones and quoted ones that span lines are one; comments are left out. */
  readonly lines: readonly string[];
}

/** What users read: README, CONTRIBUTING, everything below docs. */
export function documents(): readonly { readonly file: string; readonly text: string }[] {
  const below = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name.replaceAll('\\', '/')}`);
  const files = ['README.md', 'CONTRIBUTING.md', ...below.filter((name) => name.endsWith('.md'))];
  return files.map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));
}

export function shellBlocks(): readonly ShellBlock[] {
  return documents().flatMap(({ file, text }) =>
    [...text.matchAll(FENCE)].flatMap(([, language = '', body = '']) => {
      if (!KNOWN_LANGUAGES.includes(language)) throw new Error(`${file} has a block of the unknown language ${language}`);
      return SHELLS.includes(language) ? [{ file, lines: logicalLines(body) }] : [];
    }),
  );
}

/** `srs …` in running text and tables: each as its words. */
export function inlineCommands(): readonly { readonly file: string; readonly words: readonly string[] }[] {
  return documents().flatMap(({ file, text }) =>
    [
      ...text
        .replace(FENCE, '')
        .matchAll(/`(?:eval "\$\()?(?:sudo -u \w+ |npx |node dist\/)?(?:srs|screen-recording-service|cli\.js) ([^`]+)`/g),
    ].map(([, rest = '']) => ({ file, words: rest.replace(/[)"\]]+$/, '').split(/\s+/) })),
  );
}

function logicalLines(body: string): string[] {
  const lines: string[] = [];
  let open = '';
  for (const line of body.split('\n')) {
    open = open === '' ? line : `${open}\n${line}`;
    const isQuoted = ((open.match(/'/g) ?? []).length & 1) === 1;
    if (isQuoted && !open.startsWith('#')) continue;
    if (open.endsWith('\\')) continue;
    const text = open
      .replace(/\\\n\s*/g, '')
      .replace(/\s+#\s.*$/, '')
      .trim();
    if (text !== '' && !text.startsWith('#')) lines.push(text);
    open = '';
  }
  return lines;
}
