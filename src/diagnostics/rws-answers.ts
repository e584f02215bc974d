import { failed, ok, warning, type StepResult } from './step';
import type { Answer } from './way-to-rws';

/** @param handshake what the notifications path answered, if it did */
export function versionStep(name: string, { status, body }: Answer, handshake: Answer | undefined): StepResult {
  if (status >= 200 && status < 300 && isJson(body)) return ok(name, 'RWS answers its version.');
  const found = `${status}${isJson(body) ? '' : ', and no JSON'} for the version`;
  if (handshake !== undefined && isNotifications(handshake)) {
    return warning(name, `${found}.`, 'It does no harm by itself: correct rws.paths.version if RWS has it elsewhere.');
  }
  if (status >= 500) return failed(name, `${found}: RWS is out of order.`, 'Look at RWS, and at the load balancer before it.');
  return failed(name, `${found}: this is not RWS.`, 'Check the address; check whether a proxy or a portal answers in its place.');
}

export function csrfStep(name: string, { headers }: Answer): StepResult {
  const header = headers['x-csrf-header'];
  return ok(name, header === undefined ? 'No CSRF token before the login.' : `CSRF protection is on (${String(header)}).`);
}

export function cometdStep(name: string, answer: Answer): StepResult {
  const { status, body } = answer;
  if (status === 200 && isJson(body)) return ok(name, 'The notifications path answers a handshake.');
  if (isNotifications(answer)) return ok(name, `The notifications path is there; it asks for a login (${status}).`);
  return failed(
    name,
    `${status}${isJson(body) ? '' : ', and no JSON'} for a handshake: recording commands cannot arrive.`,
    'Let /api/v2/notifications through the proxy and the load balancer, long polls included.',
  );
}

function isNotifications({ status, body }: Answer): boolean {
  return status === 401 || status === 403 || (status === 200 && isJson(body));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
