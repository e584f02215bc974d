import { button, element } from './dom';
import { ask } from './endpoint';
import type { ServerRow, StrictView } from './state-view';

const SWITCHES = [
  ['csrf', 'CSRF token required'],
  ['cookies', 'All cookies required'],
  ['reports', 'State reports taken'],
  ['ownUploadsOnly', 'Own uploads only'],
] as const;

const NUMBERS = [
  ['sessionSeconds', 'Session ends after (s, 0 = never)'],
  ['maxUploadBytes', 'Largest upload (bytes, 0 = any)'],
] as const;

const ACTIONS = [
  ['restart', 'Reboot'],
  ['goOffline', 'Offline'],
  ['goOnline', 'Online'],
  ['dropSessions', 'Drop sessions'],
  ['cutConnections', 'Cut sockets'],
  ['rotateCookies', 'Rotate cookies'],
  ['rotateCsrf', 'Rotate CSRF token'],
] as const;

export function showModes(strict: StrictView): HTMLElement[] {
  const switches = SWITCHES.map(([name, label]) => {
    const input = Object.assign(element('input', ''), { type: 'checkbox', checked: strict[name] });
    input.addEventListener('change', () => void ask('POST', '/strict', { [name]: input.checked }));
    return element('label', '', input, ` ${label}`);
  });
  const numbers = NUMBERS.map(([name, label]) => {
    const input = Object.assign(element('input', ''), { type: 'number', min: '0', value: String(strict[name]) });
    input.addEventListener('change', () => void ask('POST', '/strict', { [name]: input.valueAsNumber || 0 }));
    return element('label', '', `${label} `, input);
  });
  return [...switches, ...numbers];
}

export function showServerActions(servers: readonly ServerRow[]): HTMLElement[] {
  return servers.map(({ name }) =>
    element(
      'p',
      '',
      `${name}: `,
      ...ACTIONS.map(([action, label]) => {
        const made = button(label, () => void ask('POST', '/servers', { action, dataCentre: name }));
        made.setAttribute('aria-label', `${label} (${name})`);
        return made;
      }),
    ),
  );
}
