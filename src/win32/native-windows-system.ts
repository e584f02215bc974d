import type { Area } from '../masks/areas';
import { NativeEvents } from './native-events';
import type { NativeFunctions } from './native-functions';
import { NativeProcesses } from './native-processes';
import { readArea, readText } from './native-values';
import type { MonitorRow, NamedWindow, WindowEvent, WindowRow, WindowsSystem } from './ports';

const PER_MONITOR_AWARE = -3;
const PER_MONITOR_AWARE_V2 = -4;
const READ_OBJECTS = 1;
const UOI_NAME = 2;
/** The desktop of a person's session; the others are the lock screen's, the system's questions' and the screen saver's. */
const USERS_DESKTOP = 'Default';
const MONITOR_INFO_BYTES = 40;
const IS_PRIMARY = 1;
const GWL_STYLE = -16;
const GWL_EXTENDED_STYLE = -20;
const GW_NEXT = 2;
const GW_OWNER = 4;
const GW_CHILD = 5;
const GA_ROOT_OWNER = 3;
const EXTENDED_FRAME_BOUNDS = 9;
const CLOAKED = 14;
/** Of a Windows without cloaking. */
const E_NOT_IMPLEMENTED = -2147467263;
/** What Windows allows of a class's name. */
const CLASS_LETTERS = 257;
/** A longer title is one that is not known. */
const TITLE_LETTERS = 4096;
/** A list that is changed while it is walked could lead in a circle. */
const MAX_WINDOWS = 10_000;
const MAX_OWNERS = 32;

/** Windows itself: `user32`, `dwmapi`, `kernel32`. Blocks while Windows does. */
export class NativeWindowsSystem implements WindowsSystem {
  readonly #native: NativeFunctions;
  readonly #events: NativeEvents;
  readonly #processes: NativeProcesses;
  readonly #found: number[] = [];
  readonly #onWindow: unknown;
  readonly #onMonitor: unknown;

  /** Throws where this thread cannot have physical pixels, or gets no events. */
  constructor(native: NativeFunctions) {
    this.#native = native;
    const isAware = [PER_MONITOR_AWARE_V2, PER_MONITOR_AWARE].some((kind) => native.call('SetThreadDpiAwarenessContext', kind) !== 0);
    if (!isAware) throw new Error('Windows does not give the places of windows in physical pixels');
    this.#events = new NativeEvents(native);
    this.#processes = new NativeProcesses(native);
    const take = (handle = 0): number => this.#found.push(handle);
    this.#onWindow = native.register('SrsWindowFound', (window) => Math.sign(take(window)));
    this.#onMonitor = native.register('SrsMonitorFound', (monitor) => Math.sign(take(monitor)));
  }

  isDesktopShown(): boolean {
    this.#processes.forget();
    const desktop = this.#native.call('OpenInputDesktop', 0, 0, READ_OBJECTS);
    if (desktop === 0) return false;
    const own = this.#native.call('GetThreadDesktop', this.#native.call('GetCurrentThreadId'));
    const names = [desktop, own].map((one) => this.#nameOfDesktop(one));
    this.#native.call('CloseDesktop', desktop);
    return names.every((name) => name === USERS_DESKTOP);
  }

  monitors(): readonly MonitorRow[] {
    const handles = this.#collect(() => this.#native.call('EnumDisplayMonitors', 0, null, this.#onMonitor, 0));
    return handles.map((handle) => {
      const info = Buffer.alloc(MONITOR_INFO_BYTES);
      info.writeUInt32LE(MONITOR_INFO_BYTES);
      if (this.#native.call('GetMonitorInfoW', handle, info) === 0) throw new Error('Windows does not tell where a monitor is');
      return { area: readArea(info, 4), isPrimary: (info.readUInt32LE(36) & IS_PRIMARY) !== 0 };
    });
  }

  enumerate(): readonly number[] {
    return this.#collect(() => this.#native.call('EnumWindows', this.#onWindow, 0));
  }

  walk(): readonly number[] {
    const found = new Set<number>();
    for (let window = this.#next(0); window !== 0 && !found.has(window); window = this.#next(window)) {
      found.add(window);
      if (found.size > MAX_WINDOWS) throw new Error('there are more windows than can be read');
    }
    return [...found];
  }

  describe(id: number): WindowRow | undefined {
    const native = this.#native;
    if (native.call('IsWindowVisible', id) === 0 || native.call('IsIconic', id) !== 0) return undefined;
    const cloak = this.#isCloaked(id);
    if (cloak === true) return undefined;
    const area = Buffer.alloc(16);
    if (native.call('GetWindowRect', id, area) === 0) {
      if (native.call('IsWindow', id) === 0) return undefined;
      throw new Error('Windows does not tell where a window is');
    }
    return {
      ...this.#nameWindow(id),
      className: readText(CLASS_LETTERS, (text) => native.call('GetClassNameW', id, text, CLASS_LETTERS)) ?? '',
      style: native.call('GetWindowLongPtrW', id, GWL_STYLE),
      extendedStyle: native.call('GetWindowLongPtrW', id, GWL_EXTENDED_STYLE),
      area: readArea(area),
      frame: this.#frameOf(id),
      hasRegion: native.call('GetWindowRgnBox', id, area) !== 0,
      isCloaked: cloak,
      dpi: native.call('GetDpiForWindow', id),
      owners: this.#ownersOf(id),
      guests: this.#guestsOf(id),
      ghostOf: this.#ghostOf(id),
    };
  }

  drainEvents(): readonly WindowEvent[] | undefined {
    return this.#events.drain();
  }

  #collect(enumerate: () => number): readonly number[] {
    this.#found.length = 0;
    if (enumerate() === 0) throw new Error('Windows does not list its windows or monitors');
    return [...this.#found];
  }

  #next(after: number): number {
    return this.#native.call('FindWindowExW', 0, after, null, null);
  }

  #nameOfDesktop(desktop: number): string | undefined {
    const text = Buffer.alloc(512);
    const isRead = this.#native.call('GetUserObjectInformationW', desktop, UOI_NAME, text, text.length, null) !== 0;
    return isRead ? text.toString('utf16le').split('\0')[0] : undefined;
  }

  /** `undefined`: not known. */
  #isCloaked(id: number): boolean | undefined {
    const value = Buffer.alloc(4);
    const result = this.#native.call('DwmGetWindowAttribute', id, CLOAKED, value, value.length);
    if (result === E_NOT_IMPLEMENTED) return false;
    return result === 0 ? value.readUInt32LE() !== 0 : undefined;
  }

  #frameOf(id: number): Area | undefined {
    const frame = Buffer.alloc(16);
    return this.#native.call('DwmGetWindowAttribute', id, EXTENDED_FRAME_BOUNDS, frame, frame.length) === 0 ? readArea(frame) : undefined;
  }

  #nameWindow(id: number): NamedWindow {
    // Not `GetWindowText`: that asks the window's program, which may not answer.
    const title = readText(TITLE_LETTERS, (text) => this.#native.call('InternalGetWindowText', id, text, TITLE_LETTERS));
    return { id, process: this.#processes.ofWindow(id), title };
  }

  #ownersOf(id: number): readonly NamedWindow[] {
    const owners = new Set<number>();
    const add = (owner: number): boolean => owner !== 0 && owner !== id && owners.size < MAX_OWNERS && owners.size < owners.add(owner).size;
    for (let owner = this.#relative(id, GW_OWNER); add(owner); owner = this.#relative(owner, GW_OWNER));
    add(this.#native.call('GetAncestor', id, GA_ROOT_OWNER));
    return [...owners].map((owner) => this.#nameWindow(owner));
  }

  #guestsOf(id: number): readonly NamedWindow[] {
    const own = this.#processes.idOf(id);
    const children = new Set<number>();
    for (let child = this.#relative(id, GW_CHILD); child !== 0 && !children.has(child); child = this.#relative(child, GW_NEXT)) {
      children.add(child);
      if (children.size > MAX_WINDOWS) throw new Error('a window has more parts than can be read');
    }
    return [...children].filter((child) => this.#processes.idOf(child) !== own).map((child) => this.#nameWindow(child));
  }

  #ghostOf(id: number): NamedWindow | undefined {
    const hung = Number(this.#native.ghostOf?.(id) ?? 0);
    return hung === 0 ? undefined : this.#nameWindow(hung);
  }

  #relative(id: number, relation: number): number {
    return this.#native.call('GetWindow', id, relation);
  }
}
