import { describeAnswer, type Answer } from './caller';
import { Mismatch, Undecided } from './verdict';

const TOO_MANY = 429;

/** Throws `Mismatch` with what the server did, unless `holds`. */
export function expect(holds: boolean, found: string): void {
  if (!holds) throw new Mismatch(found);
}

export function expectStatus(answer: Answer, status: number): void {
  if (answer.status === TOO_MANY && status !== TOO_MANY)
    throw new Undecided('The server takes no more tries for now (429): wait a minute, then run it again.');
  expect(answer.status === status, `It answered ${describeAnswer(answer)}`);
}

/** An error with the envelope `{"statusCode":…,"statusMessage":"…"}`. */
export function expectError(answer: Answer, status: number, ...codes: readonly number[]): void {
  expectStatus(answer, status);
  const { statusCode, statusMessage } = jsonOf(answer) as { statusCode?: unknown; statusMessage?: unknown };
  expect(
    typeof statusCode === 'number' && codes.includes(statusCode),
    `It answered ${describeAnswer(answer)}; statusCode ${codes.join(' or ')} is wanted`,
  );
  expect(typeof statusMessage === 'string' && statusMessage !== '', `It answered ${describeAnswer(answer)}, which has no statusMessage`);
}

export function expectHeader(answer: Answer, name: string, holds: (value: string) => boolean): void {
  const value = String(answer.headers[name] ?? '');
  expect(holds(value), `The header ${name} is ${value === '' ? 'not there' : JSON.stringify(value)}`);
}

/** Throws `Mismatch` for anything but a JSON object. */
export function jsonOf(answer: Answer): object {
  try {
    const value: unknown = JSON.parse(answer.text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // The same mismatch.
  }
  throw new Mismatch(`It answered ${describeAnswer(answer)}, which is no JSON object`);
}

/** The names of a list such as `GET, POST`, in lower case. */
export function namesIn(value: string): readonly string[] {
  return value.split(',').map((name) => name.trim().toLowerCase());
}
