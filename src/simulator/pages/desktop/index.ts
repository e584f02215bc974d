import { createScreenRecordingClient, isClientError, type ClientState, type LoginConfiguration } from '../../../desktop-client';
import { parseDevices } from './devices';
import { describeState } from './describe-state';

/** What the simulator says of itself in `config.json`. */
interface PageConfiguration {
  /** Where the Screen Recording Service listens. */
  readonly srs: string;
  /** The recording server a login names; without one the service uses its configured server. */
  readonly server?: string;
  /** The same in the backup data centre. */
  readonly peer?: string;
}

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const input = (id: string): string => element<HTMLInputElement>(id).value.trim();

async function start(): Promise<void> {
  const { srs, server, peer } = (await (await fetch('config.json', { cache: 'no-store' })).json()) as PageConfiguration;
  element('srs').textContent = srs;
  element<HTMLInputElement>('server').value = server ?? '';

  const client = createScreenRecordingClient({
    baseUrl: srs,
    credentials: () => ({ userName: input('userName'), password: element<HTMLInputElement>('password').value }),
    configuration: () => ({
      ...serversOf(input('server'), { server, peer }),
      place: input('place'),
      devices: parseDevices(input('devices')),
    }),
    pingIntervalSeconds: 5,
    onState: show,
  });
  element<HTMLFormElement>('form').addEventListener('submit', (event) => {
    event.preventDefault();
    client.login().catch(() => undefined); // the state shows it
  });
  element('logout').addEventListener('click', () => void client.logout().catch(showError));
  show(client.state);
}

/** The peer belongs to the simulator's own server; to another it would be a stranger. */
function serversOf(named: string, { server, peer }: { server: string | undefined; peer: string | undefined }): LoginConfiguration {
  return named === server && peer !== undefined ? { server: named, peerServer: peer } : { server: named };
}

function show(state: ClientState): void {
  const view = describeState(state);
  element('state').textContent = view.line;
  element('details').textContent = view.details;
  element('lamp').dataset['status'] = state.status;
  showText('access', view.notice);
  showText('error', view.error);
  element<HTMLButtonElement>('login').disabled = !view.canLogIn;
  element<HTMLButtonElement>('logout').disabled = !view.canLogOut;
}

function showError(error: unknown): void {
  if (!isClientError(error, 'aborted')) showText('error', error instanceof Error ? error.message : String(error));
}

function showText(id: string, text: string | undefined): void {
  element(id).hidden = text === undefined;
  element(id).textContent = text ?? '';
}

start().catch((error: unknown) => {
  element('state').textContent = 'not ready';
  showError(error);
});
