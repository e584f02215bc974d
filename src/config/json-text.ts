import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';

export type JsonText = { readonly tree: unknown } | { readonly fault: string };

/**
 * Strict JSON, as `JSON.parse` has it; jsonc-parser only says where it breaks off and what stands there.
 * The fault completes “<file> …”. It quotes nothing but single signs and a few known words: a proxy's password may stand there.
 */
export function parseJsonText(text: string): JsonText {
  try {
    return { tree: JSON.parse(text) };
  } catch {
    return { fault: describeFault(text) };
  }
}

function describeFault(text: string): string {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first, second] = errors;
  if (first === undefined) return 'is not JSON';
  const { line, column } = placeOf(text, first.offset);
  const code = codeOf(first);
  const isName = code === 'InvalidSymbol' && second !== undefined && codeOf(second) === 'PropertyNameExpected';
  const allowed = ALLOWED[isName ? 'PropertyNameExpected' : code] ?? 'JSON';
  return `is not JSON (line ${line}, column ${column}): found ${describeFound(text, first)}; allowed: ${allowed}`;
}

function codeOf({ error }: ParseError): string {
  return printParseErrorCode(error);
}

/** Both count from 1. */
function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Written by people who know another language; no secret. */
const KNOWN_WORD = /^(?:true|false|null|none|nil|undefined|nan|infinity|yes|no|on|off)$/i;

function describeFound(text: string, error: ParseError): string {
  const broken = BROKEN[codeOf(error)];
  if (broken !== undefined) return broken;
  if (text.trim() === '') return 'nothing';
  if (error.offset >= text.trimEnd().length) return 'the end of the file';
  const found = text.slice(error.offset, error.offset + error.length);
  if (KNOWN_WORD.test(found)) return found;
  if (found.startsWith('"')) return 'a text';
  if (/^-?\d/.test(found)) return 'a number';
  return /^[^\p{L}\p{N}\s\p{C}]/u.exec(found)?.[0] ?? 'a word without quotation marks';
}

const BROKEN: Readonly<Record<string, string>> = {
  UnexpectedEndOfString: 'a text that does not end on its line',
  UnexpectedEndOfComment: 'a comment',
  InvalidCommentToken: 'a comment',
  UnexpectedEndOfNumber: 'a number that is not complete',
  InvalidUnicode: 'a text with a broken \\u sequence',
  InvalidEscapeCharacter: 'a text with a single backslash',
  InvalidCharacter: 'a text with a control character',
};

const A_VALUE = 'a value (true, false, null, a number, a text in double quotation marks, a list or an object)';
const ALLOWED: Readonly<Record<string, string>> = {
  InvalidSymbol: A_VALUE,
  ValueExpected: A_VALUE,
  PropertyNameExpected: 'a name in double quotation marks',
  ColonExpected: 'a colon',
  CommaExpected: 'a comma, or the end of the list or object',
  CloseBraceExpected: 'a comma or }',
  CloseBracketExpected: 'a comma or ]',
  EndOfFileExpected: 'the end of the file',
  UnexpectedEndOfString: 'a closing quotation mark',
  UnexpectedEndOfNumber: 'a digit',
  UnexpectedEndOfComment: 'no comments',
  InvalidCommentToken: 'no comments',
  InvalidUnicode: '\\u and four hexadecimal digits',
  InvalidEscapeCharacter: 'two backslashes (\\\\) for each one',
  InvalidCharacter: 'an escape such as \\t or \\n',
};
