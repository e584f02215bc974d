import { trayStateOf } from '../shared/tray-state';
import { h, setAttribute, setText } from './dom';
import { factList } from './facts';
import { recorderFacts } from './recorder-facts';
import { section, type Region, type RegionContext } from './region';
import { agentFacts, sessionFacts, sessionHeadline } from './session-facts';

/** The state at a glance, as the tray's icon has it. A screen reader hears it change. */
export function headerRegion({ translator }: RegionContext): Region {
  const { text } = translator;
  const state = h('p', { class: 'state', role: 'status' });
  const demo = h('span', { class: 'demo', hidden: true }, text('app.demo'));
  const element = h('header', {}, h('h1', {}, text('app.name'), ' ', demo), state);
  return {
    element,
    update(snapshot) {
      const name = trayStateOf(snapshot);
      setAttribute(element, 'data-state', name);
      setText(state, text(`state.${name}`));
      demo.hidden = !snapshot.isDemo;
    },
  };
}

export function agentRegion({ translator }: RegionContext): Region {
  const none = h('p', { class: 'quiet' }, translator.text('agent.none'));
  const facts = factList();
  return {
    element: section('agent', translator.text('agent.title'), none, facts.element),
    update({ session }) {
      const list = agentFacts(session, translator);
      none.hidden = list.length > 0;
      facts.update(list);
    },
  };
}

export function sessionRegion({ translator }: RegionContext): Region {
  const line = h('p', { class: 'line' });
  const facts = factList();
  return {
    element: section('session', translator.text('session.title'), line, facts.element),
    update({ session }, now) {
      setText(line, sessionHeadline(session, translator));
      facts.update(sessionFacts(session, translator, now));
    },
  };
}

export function recorderRegion({ translator }: RegionContext): Region {
  const line = h('p', { class: 'line' });
  const facts = factList();
  return {
    element: section('recorder', translator.text('recorder.title'), line, facts.element),
    update({ recorder }, now) {
      setText(line, translator.text(`recorder.${recorder.status}`));
      facts.update(recorderFacts(recorder, translator, now));
    },
  };
}
