import type { NativeFunctions } from './native-functions';
import type { WindowEvent, WindowEventKind } from './ports';

/** `EVENT_…` of WinUser.h. */
const KINDS: ReadonlyMap<number, WindowEventKind> = new Map([
  [0x0003, 'reordered'], // another window is in front
  [0x0016, 'moved'], // minimised
  [0x0017, 'moved'], // no longer
  [0x8001, 'hidden'], // destroyed
  [0x8002, 'shown'],
  [0x8003, 'hidden'],
  [0x8004, 'reordered'],
  [0x800b, 'moved'],
  [0x800c, 'renamed'],
  [0x800f, 'moved'], // another parent
  [0x8017, 'moved'], // cloaked
  [0x8018, 'shown'], // no longer
]);
const UNCLOAKED = 0x8018;
/** First and last of those above, without the busy ones between them (focus, selection, the caret's value). */
const RANGES = [
  [0x0003, 0x0003],
  [0x0016, 0x0017],
  [0x8001, 0x8004],
  [0x800b, 0x800c],
  [0x800f, 0x800f],
  [0x8017, 0x8018],
] as const;
const OUT_OF_CONTEXT = 0;
const OBJID_WINDOW = 0;
const GA_PARENT = 1;
const REMOVE = 1;
const MESSAGE_BYTES = 64;
/** Windows keeps 10,000 messages for a thread and drops the rest. */
const MAX_EVENTS = 5000;
/** Who has not asked for so long may have missed some. */
const MAX_SILENCE_MS = 1000;

/** What happens to the windows of all programs, kept until it is asked for. The thread's messages are taken then. */
export class NativeEvents {
  readonly #native: NativeFunctions;
  readonly #message = Buffer.alloc(MESSAGE_BYTES);
  readonly #callback: unknown;
  #events: WindowEvent[] = [];
  #drainedAt = performance.now();

  /** Throws where Windows tells no events. */
  constructor(native: NativeFunctions) {
    this.#native = native;
    this.#callback = native.register('SrsEventSeen', (_hook, event = 0, window = 0, object = 0, child = 0) => {
      this.#take(event, window, object, child);
      return undefined;
    });
    for (const [first, last] of RANGES) {
      if (native.call('SetWinEventHook', first, last, 0, this.#callback, 0, 0, OUT_OF_CONTEXT) === 0) {
        throw new Error('Windows does not tell what happens to windows');
      }
    }
  }

  /** `undefined` when some may be missing. */
  drain(): readonly WindowEvent[] | undefined {
    const isLate = performance.now() - this.#drainedAt > MAX_SILENCE_MS;
    while (this.#native.call('PeekMessageW', this.#message, 0, 0, 0, REMOVE) !== 0) this.#native.call('DispatchMessageW', this.#message);
    const events = this.#events;
    this.#events = [];
    this.#drainedAt = performance.now();
    return isLate || events.length >= MAX_EVENTS ? undefined : events;
  }

  #take(event: number, window: number, object: number, child: number): void {
    const kind = KINDS.get(event);
    if (kind === undefined || window === 0 || this.#events.length >= MAX_EVENTS) return;
    if (kind === 'reordered') return this.#takeOrder(event, window);
    if (object !== OBJID_WINDOW || child !== 0) return;
    const parent = this.#native.call('GetAncestor', window, GA_PARENT);
    const isPart = parent !== 0 && this.#native.call('GetAncestor', parent, GA_PARENT) !== 0;
    if (isPart) return;
    // One that is gone already may have been a window of the desktop. What was uncloaked may be cloaked again, and counts as visible then.
    const isVisible = event !== UNCLOAKED && this.#native.call('IsWindowVisible', window) !== 0;
    this.#events.push({ kind, id: window, isVisible });
    if (event === UNCLOAKED) this.#events.push({ kind: 'moved', id: window, isVisible });
  }

  /** Of the desktop's own children; windows within a window are that one's matter. */
  #takeOrder(event: number, window: number): void {
    const isOfDesktop = event === 0x0003 || this.#native.call('GetAncestor', window, GA_PARENT) === 0;
    if (isOfDesktop) this.#events.push({ kind: 'reordered', id: 0, isVisible: false });
  }
}
