type Content = string | Node;

/** An element with a class and content; text is always text, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...content: readonly Content[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...content);
  return made;
}

export function button(label: string, onClick: () => void, isEnabled = true): HTMLButtonElement {
  const made = element('button', '', label);
  made.type = 'button';
  made.disabled = !isEnabled;
  made.addEventListener('click', onClick);
  return made;
}

/** A table, or one line when there is nothing to show. */
export function table(headings: readonly string[], rows: readonly (readonly Content[])[], empty: string): HTMLElement {
  if (rows.length === 0) return element('p', 'empty', empty);
  const head = element('thead', '', element('tr', '', ...headings.map((heading) => element('th', '', heading))));
  const body = element('tbody', '', ...rows.map((cells) => element('tr', '', ...cells.map((cell) => element('td', '', cell)))));
  return element('table', '', head, body);
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found as T;
}
