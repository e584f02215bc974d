import { omitUndefined } from '../shared/omit-undefined';
import { NativeWindowsSessions } from '../lib/windows-sessions';
import type { ConfigurationProblem } from './errors';
import type { MergedLayers } from './layers';
import type { PlatformInfo } from './platform-paths';
import { computePort, PORT_SUM, variablesOf, type PortVariable, type PortVariables } from './port-sum';

const PORTS = ['http.port', 'https.port'] as const;
/** What there is, where one of the names is not known. */
const KNOWN: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  win32: 'Windows has ${SESSIONID}',
  darwin: 'macOS has ${UID}',
  linux: 'Linux has ${UID}; ${SESSIONID} is that of XDG_SESSION_ID, where it is a number',
};

/**
 * Puts the number in the place of a port that is written as a sum (port-sum.ts). What is no port stays, with a problem.
 * @param given instead of what the system says; for tests
 */
export async function computePorts(
  merged: MergedLayers,
  here: PlatformInfo,
  given?: PortVariables,
): Promise<{ readonly merged: MergedLayers; readonly problems: readonly ConfigurationProblem[] }> {
  const settings = new Map(merged.settings);
  const problems: ConfigurationProblem[] = [];
  for (const key of PORTS) {
    const setting = settings.get(key);
    if (typeof setting?.value !== 'string' || !PORT_SUM.test(setting.value)) continue; // what is no sum has been told
    const port = computePort(setting.value, given ?? (await askSystem(variablesOf(setting.value), here)));
    if (typeof port === 'number') settings.set(key, { ...setting, value: port });
    else
      problems.push({ source: setting.layer.source, key, text: port.endsWith('known here') ? `${port}; ${KNOWN[here.platform]}` : port });
  }
  return { merged: { ...merged, settings }, problems };
}

async function askSystem(names: readonly PortVariable[], here: PlatformInfo): Promise<PortVariables> {
  const session = names.includes('SESSIONID') ? await sessionId(here) : undefined;
  return omitUndefined({ UID: here.platform === 'win32' ? undefined : process.getuid?.(), SESSIONID: session });
}

async function sessionId({ platform, env }: PlatformInfo): Promise<number | undefined> {
  if (platform === 'win32') return new NativeWindowsSessions().sessionOf(process.pid).catch(() => undefined); // told as not known
  const id = platform === 'linux' ? env['XDG_SESSION_ID'] : undefined;
  return id !== undefined && /^\d{1,9}$/.test(id) ? Number(id) : undefined;
}
