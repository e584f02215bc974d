/**
 * A port that differs from user to user, as a setting writes it:
 *
 *     sum   = term { "+" term }
 *     term  = value [ "%" number ]        the rest of a division; goes before +
 *     value = number | "${UID}" | "${SESSIONID}"
 *
 * with blanks anywhere between, and at least one of the two names in it. `9000+${UID}%1000`
 */
export type PortVariable = 'UID' | 'SESSIONID';
export type PortVariables = Readonly<Partial<Record<PortVariable, number>>>;

const TERM = String.raw`(?:\d{1,10}|\$\{(?:UID|SESSIONID)\})(?: *% *[1-9]\d{0,9})?`;
export const PORT_SUM = new RegExp(String.raw`^(?=.*\$) *${TERM}(?: *\+ *${TERM})* *$`);
/** Below are the system's own. */
const RANGE = { least: 1024, most: 65_535 } as const;

/** The names that a sum uses. */
export function variablesOf(sum: string): readonly PortVariable[] {
  return (['UID', 'SESSIONID'] as const).filter((name) => sum.includes(`\${${name}}`));
}

/** @returns the port, or why it is none, as one part of a sentence. `sum` is one by `PORT_SUM`. */
export function computePort(sum: string, variables: PortVariables): number | string {
  const missing = variablesOf(sum).find((name) => variables[name] === undefined);
  if (missing !== undefined) return `uses \${${missing}}, which is not known here`;
  const port = sum
    .split('+')
    .map((term) => computeTerm(term, variables))
    .reduce((total, term) => total + term);
  if (port >= RANGE.least && port <= RANGE.most) return port;
  return `is "${sum}", which gives ${port} here; allowed: ${RANGE.least} to ${RANGE.most} (% keeps a number small: \${UID}%1000)`;
}

function computeTerm(term: string, variables: PortVariables): number {
  const [value = '', divisor] = term.split('%').map((part) => part.trim());
  const name = variablesOf(value)[0];
  const number = name === undefined ? Number(value) : (variables[name] ?? Number.NaN);
  return divisor === undefined ? number : number % Number(divisor);
}
