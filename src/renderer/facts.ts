import { h, keyedList, setText } from './dom';

/** One line of a region: a name and its value. `isForeign`: the value is the program's own English, not a translated text. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly isForeign?: boolean;
}

/** A definition list that keeps its rows. */
export function factList(): { readonly element: HTMLElement; update(facts: readonly Fact[]): void } {
  const element = h('dl');
  const update = keyedList<Fact>(element, {
    key: (fact) => fact.name,
    create: (fact) => {
      const value = h('dd', fact.isForeign ? { lang: 'en' } : {});
      const row = h('div', {}, h('dt', {}, fact.name), value);
      return { element: row, update: (next) => setText(value, next.value) };
    },
  });
  return {
    element,
    update: (facts) => {
      update(facts);
      element.hidden = facts.length === 0;
    },
  };
}
