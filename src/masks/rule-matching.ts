import type { MaskRule } from '../shared/mask-rules';

/** By what a rule knows a window. */
export interface WindowNames {
  /** The program's file and both parts of WM_CLASS, as far as they are known. */
  readonly applications: readonly string[];
  readonly titles: readonly string[];
}

/** Also of a window that has none. */
const ANY_TEXT = /^\*+$/;

export function matchesRule({ application, title }: MaskRule, { applications, titles }: WindowNames): boolean {
  if (application === undefined && title === undefined) return false;
  return matchesAny(application, applications) && matchesAny(title, titles);
}

function matchesAny(pattern: string | undefined, names: readonly string[]): boolean {
  return pattern === undefined || ANY_TEXT.test(pattern) || names.some((name) => matchesWildcard(pattern, name));
}

/** `*` stands for any text, none included; everything else for itself. Linear in the text, whatever the pattern. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [first = '', ...parts] = fold(pattern).split('*');
  const folded = fold(text);
  const last = parts.pop();
  if (last === undefined) return folded === first;
  if (folded.length < first.length + last.length || !folded.startsWith(first) || !folded.endsWith(last)) return false;
  const end = folded.length - last.length;
  let at = first.length;
  for (const part of parts) {
    const found = folded.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** Without case, without the marks that nobody sees (such as those for the direction of writing), and in one spelling of composed letters. */
function fold(text: string): string {
  return text
    .replace(/\p{Cf}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC');
}
