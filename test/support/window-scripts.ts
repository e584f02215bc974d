/** Scripts that tests of the status window run in its page; text, since tests are compiled without the DOM's types. */

/** How many pixels the page is wider than the window. */
export const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

export const setTextSize = (size: string): string => `document.documentElement.style.fontSize = ${JSON.stringify(size)}`;

/** From now on `nextChange` is a promise of the time of the next change below `selector`. */
export const watchForChange = (selector: string): string => `void (window.nextChange = new Promise((resolve) => {
  new MutationObserver(() => resolve(Date.now())).observe(document.querySelector(${JSON.stringify(selector)}), { childList: true, subtree: true });
}))`;

/** Keeps `liveTimers` up to date: the intervals that were set and not cleared since. */
export const COUNT_TIMERS = `(() => {
  window.liveTimers = new Set();
  const { setInterval: set, clearInterval: clear } = window;
  window.setInterval = (handler, ms) => {
    const id = set(handler, ms);
    liveTimers.add(id);
    return id;
  };
  window.clearInterval = (id) => {
    liveTimers.delete(id);
    clear(id);
  };
})()`;

export const pretendVisibility = (state: 'visible' | 'hidden'): string => `(() => {
  Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
})()`;

/** Texts without the pseudo-language's mark. Values (names, numbers, the service's own English) are no texts of the window's. */
export const UNTRANSLATED_TEXTS = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent.trim();
    if (text === '' || /^[·:]/.test(text) || text.includes('~')) continue;
    if (!node.parentElement.closest('dd, td, body [lang=en]')) found.push(text);
  }
  return found;
})()`;
