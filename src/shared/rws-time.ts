/**
 * Writes a time as RWS does: `2016-05-13T18:54:44.000+0000` (rws.md, *Conventions*).
 * @param epochMs milliseconds since 1970-01-01T00:00Z
 */
export function toRwsTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '+0000');
}

/** Reads an RWS time back to epoch milliseconds; `undefined` when the text is none. */
export function fromRwsTime(text: string): number | undefined {
  const parsed = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** `ms` after a time; the time itself when it is none of RWS's. */
export function laterBy(text: string, ms: number): string {
  const at = fromRwsTime(text);
  return at === undefined || ms === 0 ? text : toRwsTime(at + ms);
}
