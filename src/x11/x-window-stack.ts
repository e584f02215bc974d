import type { XRectangle } from './x-window-requests';

/** A child of the root window. Place and size are without its border. */
export interface StackedWindow extends XRectangle {
  readonly id: number;
  readonly border: number;
  readonly isMapped: boolean;
  /** The window manager does not touch it: a menu, a tooltip. */
  readonly isOverride: boolean;
}

export type StackEvent =
  | { readonly type: 'created'; readonly window: StackedWindow }
  | { readonly type: 'destroyed' | 'unmapped' | 'left'; readonly id: number }
  | { readonly type: 'mapped'; readonly id: number; readonly isOverride: boolean }
  /** From another parent: its size is not told. */
  | { readonly type: 'came'; readonly id: number }
  | { readonly type: 'moved'; readonly id: number; readonly x: number; readonly y: number }
  | {
      readonly type: 'configured';
      readonly id: number;
      readonly above: number;
      readonly area: XRectangle & { readonly border: number };
      readonly isOverride: boolean;
    }
  | { readonly type: 'circulated'; readonly id: number; readonly isToTop: boolean };

const EVENT = {
  created: 16,
  destroyed: 17,
  unmapped: 18,
  mapped: 19,
  reparented: 21,
  configured: 22,
  gravity: 24,
  circulated: 26,
} as const;

/** An event about a child of the root window (X11 protocol, *Events*); `undefined` for any other. */
export function parseStackEvent(event: Buffer, root: number): StackEvent | undefined {
  if (event.readUInt32LE(4) !== root) return undefined;
  const id = event.readUInt32LE(8);
  if (id === root) return undefined;
  switch (event.readUInt8(0)) {
    case EVENT.created:
      return { type: 'created', window: { id, ...areaAt(event, 12), isMapped: false, isOverride: event.readUInt8(22) === 1 } };
    case EVENT.destroyed:
      return { type: 'destroyed', id };
    case EVENT.unmapped:
      return { type: 'unmapped', id };
    case EVENT.mapped:
      return { type: 'mapped', id, isOverride: event.readUInt8(12) === 1 };
    case EVENT.reparented:
      return event.readUInt32LE(12) === root ? { type: 'came', id } : { type: 'left', id };
    case EVENT.configured:
      return {
        type: 'configured',
        id,
        above: event.readUInt32LE(12),
        area: areaAt(event, 16),
        isOverride: event.readUInt8(26) === 1,
      };
    case EVENT.gravity:
      return { type: 'moved', id, x: event.readInt16LE(12), y: event.readInt16LE(14) };
    case EVENT.circulated:
      return { type: 'circulated', id, isToTop: event.readUInt8(16) === 0 };
    default:
      return undefined;
  }
}

function areaAt(event: Buffer, at: number): XRectangle & { readonly border: number } {
  return {
    x: event.readInt16LE(at),
    y: event.readInt16LE(at + 2),
    width: event.readUInt16LE(at + 4),
    height: event.readUInt16LE(at + 6),
    border: event.readUInt16LE(at + 8),
  };
}

/** The children of the root window in their order, followed event by event. */
export class XWindowStack {
  /** The uppermost last. */
  #windows: StackedWindow[] = [];
  #isSure = false;

  /** The uppermost last. */
  get all(): readonly StackedWindow[] {
    return this.#windows;
  }

  /** Otherwise the order may be another one: it has to be read anew. */
  get isSure(): boolean {
    return this.#isSure;
  }

  get(id: number): StackedWindow | undefined {
    return this.#windows.find((window) => window.id === id);
  }

  /** Says what was read. @param windows the uppermost last */
  replace(windows: readonly StackedWindow[]): void {
    this.#windows = [...windows];
    this.#isSure = true;
  }

  hasOrder(ids: readonly number[]): boolean {
    return this.#isSure && ids.length === this.#windows.length && ids.every((id, index) => this.#windows[index]!.id === id);
  }

  apply(event: StackEvent): void {
    switch (event.type) {
      case 'created':
        if (this.get(event.window.id) === undefined) this.#windows.push(event.window);
        return;
      case 'destroyed':
      case 'left':
        this.#windows = this.#windows.filter(({ id }) => id !== event.id);
        return;
      case 'came':
        this.#isSure = false;
        return;
      case 'unmapped':
        return this.#change(event.id, { isMapped: false });
      case 'mapped':
        return this.#change(event.id, { isMapped: true, isOverride: event.isOverride });
      case 'moved':
        return this.#change(event.id, { x: event.x, y: event.y });
      case 'configured':
        this.#change(event.id, { ...event.area, isOverride: event.isOverride });
        return this.#place(event.id, event.above === 0 ? 'bottom' : event.above);
      case 'circulated':
        return this.#place(event.id, event.isToTop ? 'top' : 'bottom');
    }
  }

  #change(id: number, change: Partial<StackedWindow>): void {
    const index = this.#windows.findIndex((window) => window.id === id);
    if (index < 0) this.#isSure = false;
    else this.#windows[index] = { ...this.#windows[index]!, ...change };
  }

  /** @param above the window it lies right on */
  #place(id: number, above: number | 'top' | 'bottom'): void {
    const window = this.get(id);
    if (window === undefined) return;
    const others = this.#windows.filter((other) => other !== window);
    const below = typeof above === 'number' ? others.findIndex((other) => other.id === above) : above === 'top' ? others.length - 1 : -1;
    if (typeof above === 'number' && below < 0) {
      this.#isSure = false;
      return;
    }
    others.splice(below + 1, 0, window);
    this.#windows = others;
  }
}
