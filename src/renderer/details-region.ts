import { h, setText } from './dom';
import { factList } from './facts';
import { recorderFacts } from './recorder-facts';
import { section, type Region, type RegionContext } from './region';
import { agentFacts, sessionFacts } from './session-facts';

/** Kept for the windows to come, as long as the program runs. */
const STORED_AS = 'details';

/** Everything that a person rarely asks for. Open when the person left it open. */
export function detailsRegion(context: RegionContext): Region {
  const { text } = context.translator;
  const parts = [recorderDetails(context), sessionDetails(context), agentDetails(context), programDetails(context)];
  const element = h('details', { id: 'details' }, h('summary', {}, text('details.title')), ...parts.map((part) => part.element));
  element.open = localStorage.getItem(STORED_AS) === 'open';
  element.addEventListener('toggle', () => localStorage.setItem(STORED_AS, element.open ? 'open' : 'closed'));
  return {
    element,
    update(snapshot, now) {
      for (const part of parts) part.update(snapshot, now);
    },
  };
}

function recorderDetails({ translator }: RegionContext): Region {
  const facts = factList();
  const element = section('recorder', translator.text('recorder.title'), facts.element);
  return {
    element,
    update({ recorder }, now) {
      const list = recorderFacts(recorder, translator, now);
      facts.update(list);
      element.hidden = list.length === 0;
    },
  };
}

function sessionDetails({ translator }: RegionContext): Region {
  const facts = factList();
  const element = section('session', translator.text('session.title'), facts.element);
  return {
    element,
    update({ session }, now) {
      const list = sessionFacts(session, translator, now);
      facts.update(list);
      element.hidden = list.length === 0;
    },
  };
}

function agentDetails({ translator }: RegionContext): Region {
  const facts = factList();
  const element = section('agent', translator.text('agent.title'), facts.element);
  return {
    element,
    update({ session }) {
      const list = agentFacts(session, translator);
      facts.update(list);
      element.hidden = list.length === 0;
    },
  };
}

/** Which version this is, and where agent desktops reach it. */
function programDetails({ translator }: RegionContext): Region {
  const { text } = translator;
  const listening = h('p');
  const version = h('p');
  return {
    element: section('program', text('details.program'), listening, version),
    update({ endpoints, packageVersion, version: protocol }) {
      const addresses = endpoints.join(', ');
      setText(listening, addresses === '' ? text('window.notListening') : text('window.listening', { addresses }));
      setText(version, text('window.version', { version: `${packageVersion} (${protocol})` }));
    },
  };
}
