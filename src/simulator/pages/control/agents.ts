import { button, element, table } from './dom';
import { ask } from './endpoint';
import type { AgentRow } from './state-view';

/** Agents with what can be said to them. A button is offered whether or not RWS thinks it fits: trying that is what this is for. */
export function showAgents(agents: readonly AgentRow[]): HTMLElement {
  return table(
    ['Agent', 'Place', 'Data centre', 'Since', 'State', 'Recording'],
    agents.map((agent) => [
      `${agent.firstName} ${agent.lastName} (${agent.userName})`,
      agent.place ?? '',
      agent.dataCentre,
      new Date(agent.since).toLocaleTimeString(),
      state(agent),
      commands(agent),
    ]),
    'Nobody is connected.',
  );
}

function state({ isListening, lastReport }: AgentRow): HTMLElement {
  if (!isListening) return element('span', 'state bad', 'connected, not listening');
  return element('span', 'state good', lastReport === undefined ? 'ready' : `ready · ${lastReport.state}`);
}

function commands({ userName, isListening }: AgentRow): HTMLElement {
  const command = (label: string, path: string): HTMLButtonElement => {
    const made = button(label, () => void ask('POST', path, { userName }), isListening);
    made.setAttribute('aria-label', `${label} recording of ${userName}`);
    return made;
  };
  return element(
    'span',
    '',
    command('Start', '/start'),
    command('Stop', '/stop'),
    command('Pause', '/pause'),
    command('Resume', '/resume'),
  );
}
