import { readFile } from 'node:fs/promises';
import { AppError } from '../shared/errors';

/** Thrown for a text file in an encoding that cannot be read. The message completes “<file> …” and quotes nothing of the file. */
export class TextEncodingError extends AppError {
  constructor(message: string) {
    super('configuration', message);
  }
}

const SAVE_AS = 'save it as UTF-8';
/** UTF-32 LE begins like UTF-16 LE, so it is looked for first. */
const MARKS = [
  { encoding: 'utf-32le', bytes: [0xff, 0xfe, 0, 0] },
  { encoding: 'utf-32be', bytes: [0, 0, 0xfe, 0xff] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
] as const;

/**
 * A text file that a person wrote, without its byte order mark: UTF-8, or UTF-16 where the mark says so, as Windows PowerShell's `>` and
 * Notepad write it. Throws `TextEncodingError`, or what `readFile` throws.
 */
export async function readTextFile(path: string): Promise<string> {
  return decodeText(await readFile(path));
}

/** As `readTextFile`, for bytes that are there already. */
export function decodeText(bytes: Uint8Array): string {
  const mark = markOf(bytes);
  if (mark?.startsWith('utf-32')) throw new TextEncodingError(`is in UTF-32; ${SAVE_AS}`);
  if (mark === undefined && bytes.subarray(0, 4).includes(0)) {
    throw new TextEncodingError(`is in UTF-16 without a byte order mark, or no text; ${SAVE_AS}`);
  }
  try {
    return new TextDecoder(mark ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new TextEncodingError(mark?.startsWith('utf-16') ? `is broken UTF-16; ${SAVE_AS}` : describeInvalidByte(bytes));
  }
}

/** For text of which only the ASCII part counts, such as PEM: what is no UTF-8 is a replacement character. */
export function decodeLeniently(bytes: Uint8Array): string {
  const mark = markOf(bytes);
  return new TextDecoder(mark?.startsWith('utf-16') ? mark : 'utf-8').decode(bytes);
}

function markOf(bytes: Uint8Array): (typeof MARKS)[number]['encoding'] | undefined {
  return MARKS.find((mark) => mark.bytes.every((byte, index) => bytes[index] === byte))?.encoding;
}

function describeInvalidByte(bytes: Uint8Array): string {
  const at = validLength(bytes);
  const before = new TextDecoder().decode(bytes.subarray(0, at)).split('\n');
  const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return `is no UTF-8: byte ${byte} at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}; ${SAVE_AS}`;
}

/** How many bytes from the start are whole UTF-8 characters. */
function validLength(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (valid < invalid) {
    const middle = Math.ceil((valid + invalid) / 2);
    if (isValidStart(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle - 1;
  }
  return wholeCharacters(bytes.subarray(0, valid));
}

function isValidStart(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** A character that only begins here is where the fault is. */
function wholeCharacters(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
  return Buffer.byteLength(text);
}
