import type { WindowAction } from '../shared/actions';
import { h, setText } from './dom';
import type { Region, RegionContext } from './region';

/** Tools, and which version this is. */
export function footerRegion({ translator, run }: RegionContext): Region {
  const { text } = translator;
  const listening = h('p', { class: 'quiet' });
  const version = h('p', { class: 'quiet' });
  const tool = (action: WindowAction): HTMLElement => {
    const button = h('button', { type: 'button' }, text(`action.${action}`));
    button.addEventListener('click', () => run(action));
    return button;
  };
  const tools = h(
    'div',
    { class: 'tools', role: 'group', 'aria-label': text('window.actions') },
    tool('openLogs'),
    tool('collectDiagnostics'),
  );
  return {
    element: h('footer', {}, tools, listening, version),
    update({ endpoints, packageVersion, version: protocol }) {
      const addresses = endpoints.join(', ');
      setText(listening, addresses === '' ? text('window.notListening') : text('window.listening', { addresses }));
      setText(version, text('window.version', { version: `${packageVersion} (${protocol})` }));
    },
  };
}
