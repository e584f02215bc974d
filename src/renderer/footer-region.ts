import type { WindowAction } from '../shared/actions';
import { h } from './dom';
import type { Region, RegionContext } from './region';

/** Tools. */
export function footerRegion({ translator, run }: RegionContext): Region {
  const { text } = translator;
  const tool = (action: WindowAction): HTMLElement => {
    const button = h('button', { type: 'button' }, text(`action.${action}`));
    button.addEventListener('click', () => run(action));
    return button;
  };
  const label = { class: 'tools', role: 'group', 'aria-label': text('window.actions') };
  return {
    element: h('footer', {}, h('div', label, tool('openLogs'), tool('collectDiagnostics'))),
    update: () => undefined,
  };
}
