type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element with attributes and children. Text stays text: nothing is ever parsed as HTML. */
export function h<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children);
  return element;
}

export function setAttribute(element: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? '' : String(value));
}

/** Touches the page only when the text is another: a screen reader speaks of every change. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes `parent` hold one element per item, in order, keeping the elements of items that stay; so the focus stays too, and nothing flickers.
 */
export function keyedList<T>(
  parent: Element,
  options: { readonly create: (item: T) => KeyedElement<T>; readonly key: (item: T) => string },
): (items: readonly T[]) => void {
  const known = new Map<string, KeyedElement<T>>();
  return (items) => {
    const keys = new Set(items.map(options.key));
    for (const [key, { element }] of known) {
      if (keys.has(key)) continue;
      element.remove();
      known.delete(key);
    }
    items.forEach((item, index) => {
      const key = options.key(item);
      const entry = known.get(key) ?? options.create(item);
      known.set(key, entry);
      entry.update(item);
      if (parent.children[index] !== entry.element) parent.insertBefore(entry.element, parent.children[index] ?? null);
    });
  };
}

export interface KeyedElement<T> {
  readonly element: Element;
  update(item: T): void;
}
