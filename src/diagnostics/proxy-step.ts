import { toNetworkError } from '../rws/http/network-error';
import { failed, ok, warning, type StepResult } from './step';
import { askProxy, type Way } from './way-to-rws';

const REMEDY = 'Correct rws.proxy, the variables HTTPS_PROXY and NO_PROXY, or the proxy settings of the system.';
const SOURCES = { 'rws.proxy': 'rws.proxy', environment: 'the environment', system: 'the system’s settings' } as const;

/** Which way is taken, and whether the proxy on it lets this service through. */
export async function proxyStep(name: string, way: Way): Promise<StepResult> {
  const { proxy, server, route } = way;
  if (route.fault !== undefined) return (route.isUnusable === true ? failed : warning)(name, route.fault, REMEDY);
  const source = SOURCES[route.source];
  if (proxy === undefined) return ok(name, `No proxy: a direct way (${source}).`);
  try {
    const { status, schemes, socket } = await askProxy(way, proxy);
    socket.destroy();
    return judge(name, { status, schemes, hadLogin: proxy.username !== '', proxy: `${proxy.host} (of ${source})`, server: server.host });
  } catch (error) {
    const { statusMessage = 'It cannot be reached.' } = toNetworkError(error, proxy.href);
    return failed(name, `The proxy ${statusMessage.replace('is RWS running there', 'does it run there')}`, REMEDY);
  }
}

interface Seen {
  readonly status: number;
  readonly schemes: readonly string[];
  readonly hadLogin: boolean;
  readonly proxy: string;
  readonly server: string;
}

function judge(name: string, { status, schemes, hadLogin, proxy, server }: Seen): StepResult {
  if (status === 200) return ok(name, `Through the proxy ${proxy}.`);
  if (status === 407) {
    const asked = schemes.length === 0 ? '' : ` (${schemes.join(', ')})`;
    return failed(
      name,
      `The proxy ${proxy} asks for a login${asked}: 407. This service can give user and password (Basic) only.`,
      `Let ${server} through without a login, or write user and password into rws.proxy (http://user:password@host:port) where Basic is offered.`,
    );
  }
  if (status === 401 && hadLogin) {
    return failed(name, `The proxy ${proxy} does not take the user and password that it is given: 401.`, 'Correct them in rws.proxy.');
  }
  return failed(
    name,
    `The proxy ${proxy} does not connect to ${server}: ${status}.`,
    `Let ${server} through at the proxy, or except it (NO_PROXY).`,
  );
}
