import type { SessionState } from '../shared/snapshot';
import type { Translator } from '../shared/translate';
import { trayStateOf } from '../shared/tray-state';
import { h, setAttribute, setText } from './dom';
import type { Region, RegionContext } from './region';

/** What an agent looks for first: am I recorded, who is signed in, is anything wrong. A screen reader hears the state change. */
export function headerRegion({ translator }: RegionContext): Region {
  const { text, plural } = translator;
  const state = h('p', { class: 'state', role: 'status' });
  const who = h('p', { class: 'who' });
  const problems = h('p', { class: 'who' });
  const demo = h('span', { class: 'demo', hidden: true }, text('app.demo'));
  const element = h('header', {}, h('h1', {}, text('app.name'), ' ', demo), state, who, problems);
  return {
    element,
    update(snapshot) {
      const name = trayStateOf(snapshot);
      setAttribute(element, 'data-state', name);
      setText(state, text(`state.${name}`));
      setText(who, whoIsSignedIn(snapshot.session, translator));
      const count = snapshot.problems.length;
      setText(problems, count === 0 ? text('problems.none') : plural('problems.count', count, {}));
      demo.hidden = !snapshot.isDemo;
    },
  };
}

/** The agent by name and user name, or what to do to become one. */
function whoIsSignedIn(session: SessionState, { text }: Translator): string {
  if (session.status === 'signingIn') return text('session.signingIn', { name: session.userName });
  if (!('agent' in session) || session.status === 'expired') return text('agent.none');
  const { userName, firstName, lastName } = session.agent;
  const name = [firstName, lastName].filter(Boolean).join(' ');
  return name === '' ? userName : text('agent.who', { name, userName });
}
