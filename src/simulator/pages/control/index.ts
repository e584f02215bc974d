import { showAgents } from './agents';
import { byId, element } from './dom';
import { prepareFaultForm, showFaults } from './faults';
import { showModes, showServerActions } from './modes';
import { showRecordings } from './recordings';
import { showReports } from './reports';
import { followScreen } from './screen';
import type { ServerRow, StateView } from './state-view';

/** What each part of the page was last made from: a part whose content is the same is left alone, so that focus and clicks survive. */
const shown = new Map<string, string>();

function update(id: string, content: unknown, make: () => readonly HTMLElement[]): void {
  const text = JSON.stringify(content);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  byId(id).replaceChildren(...make());
}

function show({ servers, agents, recordings, reports, faults, strict, hasScreen }: StateView): void {
  if (hasScreen) followScreen(byId('screen'), byId<HTMLImageElement>('screen-picture'));
  update('servers', servers, () => servers.map(showServer));
  update('agents', agents, () => [showAgents(agents)]);
  update('recordings', recordings, () => [showRecordings(recordings)]);
  update('reports', reports, () => [showReports(reports)]);
  update('faults', faults, () => [showFaults(faults)]);
  update('modes', strict, () => showModes(strict));
  update(
    'server-actions',
    servers.map(({ name }) => name),
    () => showServerActions(servers),
  );
}

function showServer({ name, origin, isOnline }: ServerRow): HTMLElement {
  const status = element('span', isOnline ? 'state good' : 'state bad', isOnline ? 'online' : 'offline');
  return element('li', '', `${name} `, element('code', '', origin), ' ', status);
}

const connection = byId('connection');
const events = new EventSource('/events');
events.addEventListener('open', () => (connection.textContent = 'live'));
events.addEventListener('error', () => (connection.textContent = 'The simulator does not answer; trying again …'));
events.addEventListener('message', (event: MessageEvent<string>) => show(JSON.parse(event.data) as StateView));
void prepareFaultForm();
