const REDACTED = '[redacted]';
/** Browsers and Node take any number of slashes, and backslashes too, for these; others have two. */
const ADDRESS = /\b(?:(?:https?|wss?|ftp):[\\/]+|[a-z][a-z0-9+.-]{0,20}:\/\/)/gi;
const AUTHORITY_END = /[\\/?#\s"'<>`]/g;
const ADDRESS_END = /[\s"'<>`]/g;
const QUERY = /[?#]/;
/** `user:password@proxy`, as proxies are given without a scheme too; telephone and mail addresses are none. */
const WITHOUT_SCHEME = /(^|[\s"'=(,])(?!(?:sips?|mailto|xmpp|npm):)[^\s"'=(,:@\\/]+:(?![\\/])[^\s"']*@(?=[^\s"'@])/gi;

/**
 * Removes user names, passwords, queries and fragments from every address in a text. A password may hold any character, `@`, `/`, `#` and
 * spaces included, and then the address is not what a pattern or a parser would take it for. So where an address can hold credentials,
 * everything up to the line's last `@` goes: rather too much than a part of a password.
 */
export function redactAddresses(text: string): string {
  return text.split('\n').map(redactLine).join('\n');
}

function redactLine(line: string): string {
  const lastAt = line.lastIndexOf('@');
  let result = '';
  let at = 0;
  for (const match of line.matchAll(ADDRESS)) {
    if (match.index < at) continue;
    const start = match.index + match[0].length;
    const credentialsEnd = findCredentialsEnd(line, start, lastAt);
    const from = credentialsEnd ?? start;
    const end = indexFrom(line, ADDRESS_END, from);
    const [visible] = line.slice(from, end).split(QUERY);
    result += `${line.slice(at, start)}${credentialsEnd === undefined ? '' : `${REDACTED}@`}${visible}`;
    at = end;
  }
  return (result + line.slice(at)).replace(WITHOUT_SCHEME, `$1${REDACTED}@`);
}

/** Where an address's user name and password end for certain; `undefined` when it can hold none. */
function findCredentialsEnd(line: string, start: number, lastAt: number): number | undefined {
  if (lastAt < start) return undefined;
  const authority = line.slice(start, indexFrom(line, AUTHORITY_END, start)).replace(/^\[[0-9a-f:.]*\]/i, '');
  if (/[:@]/.test(authority)) return lastAt + 1;
  const address = line.slice(start, indexFrom(line, ADDRESS_END, start));
  const last = address.lastIndexOf('@');
  const colon = address.indexOf(':');
  return authority !== '' && colon >= 0 && colon < last ? start + last + 1 : undefined;
}

function indexFrom(text: string, what: RegExp, from: number): number {
  what.lastIndex = from;
  return what.exec(text)?.index ?? text.length;
}
