import { button, byId, element, table } from './dom';
import { ask } from './endpoint';
import type { FaultRow } from './state-view';

type Catalogue = Readonly<Record<string, { readonly title: string; readonly fault: Readonly<Record<string, unknown>> }>>;

/** Fills the list of ready-made faults, and sets the chosen one. */
export async function prepareFaultForm(): Promise<void> {
  const catalogue = (await (await fetch('/fault-catalogue')).json()) as Catalogue;
  const names = Object.entries(catalogue).map(([name, { title }]) => Object.assign(element('option', '', title), { value: name }));
  byId('fault-name').replaceChildren(...names);
  byId('fault-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const userName = byId<HTMLInputElement>('fault-agent').value.trim();
    const dataCentre = byId<HTMLSelectElement>('fault-centre').value;
    const times = byId<HTMLInputElement>('fault-times').valueAsNumber;
    void ask('POST', '/faults', {
      ...catalogue[byId<HTMLSelectElement>('fault-name').value]?.fault,
      ...(userName === '' ? {} : { userName }),
      ...(dataCentre === '' ? {} : { dataCentre }),
      ...(Number.isNaN(times) ? {} : { times }),
    });
  });
}

export function showFaults(faults: readonly FaultRow[]): HTMLElement {
  return table(
    ['Target', 'Action', 'Agent', 'Data centre', 'Struck', ''],
    faults.map((fault) => [
      [fault.method, fault.target, fault.path].filter(Boolean).join(' '),
      element('code', '', JSON.stringify(fault.action)),
      fault.userName ?? 'any',
      fault.dataCentre ?? 'any',
      fault.times === undefined ? String(fault.struck) : `${fault.struck} of ${fault.times}`,
      button('Remove', () => void ask('DELETE', `/faults/${fault.id}`)),
    ]),
    'None is set.',
  );
}
