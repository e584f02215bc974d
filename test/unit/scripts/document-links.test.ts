import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documents } from '../../support/document-commands';

const ROOT = join(__dirname, '../../..');
const GUIDES = ['agents', 'agent-desktops', 'administrators', 'compliance'].map((name) => `docs/${name}.md`);

interface Link {
  readonly file: string;
  readonly target: string;
}

const links: readonly Link[] = documents().flatMap(({ file, text }) => {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)|<img src="([^"]+)"/g)].map(([, link, image]) => ({ file, target: link ?? image ?? '' }));
});
const pathOf = ({ file, target }: Link): string => join(dirname(file), target.replace(/#.*/, ''));
const isLocal = ({ target }: Link): boolean => !/^(https?:|mailto:|#)/.test(target);

/** As GitHub makes anchors of headings. */
function anchors(file: string): string[] {
  const headings = readFileSync(join(ROOT, file), 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

it('every link leads to a file of the repository', () => {
  expect(links.filter(isLocal).length).toBeGreaterThan(50);
  expect(links.filter((link) => isLocal(link) && !existsSync(join(ROOT, pathOf(link))))).toEqual([]);
});

it('every link into a page leads to one of its headings', () => {
  const into = links.filter((link) => link.target.includes('#') && !/^https?:/.test(link.target));
  const missing = into.filter((link) => {
    const file = link.target.startsWith('#') ? link.file : pathOf(link);
    return file.endsWith('.md') && !anchors(file).includes(link.target.replace(/^.*#/, ''));
  });
  expect(missing).toEqual([]);
});

it('every picture is shown somewhere, and each guide shows one', () => {
  const shown = links.filter(({ target }) => target.endsWith('.png'));
  const pictures = readdirSync(join(ROOT, 'docs/images')).map((name) => `docs/images/${name}`);
  expect(pictures.filter((picture) => !shown.some((link) => pathOf(link) === picture))).toEqual([]);
  expect(GUIDES.filter((guide) => !shown.some(({ file }) => file === guide))).toEqual([]);
});
