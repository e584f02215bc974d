/** What of a `DesktopCapturerSource` tells which display it shows. */
export interface ListedSource {
  readonly id: string;
  readonly display_id: string;
}

/** How Electron names the source of an X monitor: by the number of the monitor's name (`XMonitor.atom`). */
export function monitorSourceId(atom: number): string {
  return `screen:${atom}:0`;
}

/**
 * The source that shows what was selected, among those Electron lists: an X monitor's (`monitorSourceId`), else a display's of `screen`.
 * `undefined` when it is not there; never another one instead, except where the system names none.
 */
export function findSource<Source extends ListedSource>(sources: readonly Source[], selected: string): Source | undefined {
  if (selected.startsWith('screen:')) return sources.find(({ id }) => id === selected);
  const named = sources.find(({ display_id }) => display_id === selected);
  if (named !== undefined) return named;
  // Wayland names no displays: the portal's dialog has chosen the one source there is.
  const [only, ...others] = sources;
  return others.length === 0 && only?.display_id === '' ? only : undefined;
}
