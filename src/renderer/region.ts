import type { WindowAction } from '../shared/actions';
import type { Snapshot } from '../shared/snapshot';
import type { Translator } from '../shared/translate';
import { h } from './dom';

/** A part of the window. `update` gets every snapshot and, for what grows with time, the time it is now. */
export interface Region {
  readonly element: HTMLElement;
  update(snapshot: Snapshot, now: number): void;
}

export interface RegionContext {
  readonly translator: Translator;
  run(action: WindowAction): void;
  retryUpload(mediaId: string): void;
}

/** A titled section, named for screen readers by its heading. */
export function section(id: string, title: string, ...children: readonly (Node | string)[]): HTMLElement {
  return h('section', { id, 'aria-labelledby': `${id}-title` }, h('h2', { id: `${id}-title` }, title), ...children);
}
