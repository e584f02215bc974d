const INTERVAL_MS = 1_000;

/** Shows a new picture a second, as long as the page can be seen. Once begun it goes on. */
export function followScreen(section: HTMLElement, picture: HTMLImageElement): void {
  if (!section.hidden) return;
  section.hidden = false;
  const load = (): void => {
    picture.src = `/screen.png?${Date.now()}`;
  };
  const next = (): void => {
    if (document.hidden) document.addEventListener('visibilitychange', load, { once: true });
    else setTimeout(load, INTERVAL_MS);
  };
  picture.addEventListener('load', next);
  picture.addEventListener('error', next);
  load();
}
