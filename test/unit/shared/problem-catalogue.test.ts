import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeRaised, PROBLEM_CODES, PROBLEMS, type RaisedProblem } from '../../../src/shared/problem-catalogue';
import type { ProblemDeclaration } from '../../../src/shared/problem-declaration';

const ROOT = join(__dirname, '../../..');
const filesBelow = (folder: string, end: RegExp): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => join(ROOT, folder, String(name)))
    .filter((name) => end.test(name));
const isCode = (word: string): boolean => (PROBLEM_CODES as readonly string[]).includes(word);

describe('the catalogue of problems', () => {
  it.each(PROBLEM_CODES)('%s says what is wrong and what to do, for each kind', (code) => {
    const { examples } = PROBLEMS[code] as ProblemDeclaration<unknown>;
    expect(examples.length).toBeGreaterThan(0);
    for (const facts of examples) {
      const { text, remedy, follows } = describeRaised({ code, facts } as RaisedProblem);
      for (const sentence of [text, remedy]) {
        expect(sentence).not.toMatch(/undefined|\[object/);
        expect(sentence.trim()).toMatch(/^\S.*[.!?]\]?\.?$/s);
      }
      for (const other of follows) expect(isCode(other)).toBe(true);
    }
  });

  it.each(filesBelow('src/shared/locales', /\.json$/))('%s has both texts of every problem, and of no other', (file) => {
    const keys = Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object).filter((key) => key.startsWith('problem.'));
    const expected = PROBLEM_CODES.flatMap((code) => [`problem.${code}.text`, `problem.${code}.remedy`]);
    expect(keys.sort()).toEqual(expected.sort());
  });

  it('is the only place that a raiser takes a code from', () => {
    const named = filesBelow('src', /\.ts$/).flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/(?:problems\.(?:raise|clear)\(|\bcode: )'(\w+)'/g)].map(([, code = '']) => code),
    );
    const raised = new Set(named.filter(isCode));
    // Every code is raised by somebody; `tsc` refuses one that is not declared.
    expect(PROBLEM_CODES.filter((code) => !raised.has(code))).toEqual([]);
  });

  it.each(filesBelow('docs', /\.md$/))('%s names no problem that is not in it', (file) => {
    const text = readFileSync(file, 'utf8');
    const lists = [...text.matchAll(/\bproblems? ((?:`\w+`(?:, | and |, and )?)+)/g)].map(([, list = '']) => list);
    const named = lists.flatMap((list) => [...list.matchAll(/`(\w+)`/g)].map(([, word = '']) => word));
    expect(named.filter((word) => !isCode(word))).toEqual([]);
  });
});
