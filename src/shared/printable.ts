/** Control characters, and those that turn the direction of writing round. */
const UNPRINTABLE = /[^\P{Cc}\n]+|[\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * A text of other people, servers and programs as a terminal may have it: what a server answers or a window calls itself moves no cursor,
 * changes no colour and sends no key. Line ends stay.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, ' ');
}
