import { showAgents } from './agents';
import { byId, element, table } from './dom';
import { showRecordings } from './recordings';
import type { StateView } from './state-view';

function show(state: StateView): void {
  byId('servers').replaceChildren(
    ...state.servers.map(({ name, origin, isOnline }) =>
      element(
        'li',
        '',
        `${name} `,
        element('code', '', origin),
        ' ',
        element('span', isOnline ? 'state good' : 'state bad', isOnline ? 'online' : 'offline'),
      ),
    ),
  );
  byId('agents').replaceChildren(showAgents(state.agents));
  byId('recordings').replaceChildren(showRecordings(state.recordings));
  byId('reports').replaceChildren(
    table(
      ['Time', 'Agent', 'Recording', 'State', 'Reason', 'Client'],
      state.reports.map(({ time, userName, recordingId, state: name, reason, clientVersion }) => [
        new Date(time).toLocaleTimeString(),
        userName,
        element('code', '', recordingId),
        element('span', 'state', name),
        reason ?? '',
        clientVersion ?? '',
      ]),
      'None yet.',
    ),
  );
}

const connection = byId('connection');
const events = new EventSource('/events');
events.addEventListener('open', () => (connection.textContent = 'live'));
events.addEventListener('error', () => (connection.textContent = 'The simulator does not answer; trying again …'));
events.addEventListener('message', (event: MessageEvent<string>) => show(JSON.parse(event.data) as StateView));
