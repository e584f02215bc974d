import type { Area } from '../masks/areas';

/** What a program is called: the name of its file without folder. `undefined`: Windows does not say. */
export interface WindowProcess {
  readonly id: number;
  readonly file: string | undefined;
}

/** A window, or a part of one, by the names a rule knows it by. `undefined` for a title that could not be read. */
export interface NamedWindow {
  readonly id: number;
  readonly process: WindowProcess;
  readonly title: string | undefined;
}

/** A top-level window that is shown: visible, not minimised, not known to be cloaked. */
export interface WindowRow extends NamedWindow {
  readonly className: string;
  readonly style: number;
  readonly extendedStyle: number;
  /** `GetWindowRect`, in physical pixels. */
  readonly area: Area;
  /** DWM's bounds of what is seen of it; `undefined` where DWM does not say. */
  readonly frame: Area | undefined;
  /** It has a shape of its own. */
  readonly hasRegion: boolean;
  /** `undefined`: not known. */
  readonly isCloaked: false | undefined;
  readonly dpi: number;
  /** Whom it belongs to, the next one first, hidden ones included. */
  readonly owners: readonly NamedWindow[];
  /** Its child windows of other processes: a Store app's content, an embedded program. */
  readonly guests: readonly NamedWindow[];
  /** Of a ghost, which Windows shows in place of one that does not respond. */
  readonly ghostOf: NamedWindow | undefined;
}

export interface MonitorRow {
  readonly area: Area;
  readonly isPrimary: boolean;
}

/** - `moved`: another place or size, minimised, restored, brought from or to another desktop; - `reordered`: some window, `id` is nothing then */
export type WindowEventKind = 'shown' | 'hidden' | 'moved' | 'renamed' | 'reordered';

export interface WindowEvent {
  readonly kind: WindowEventKind;
  readonly id: number;
  /** It is visible still, unless it is minimised or cloaked. */
  readonly isVisible: boolean;
}

/** What Windows is asked, each question answered at once or never: to be called in a process that may hang. Everything throws where Windows fails. */
export interface WindowsSystem {
  /** The desktop of this session's user is the one that is shown: neither locked, nor a question of the system's own. */
  isDesktopShown(): boolean;
  monitors(): readonly MonitorRow[];
  /** Top-level windows, hidden ones included, the uppermost first. `EnumWindows`: one moment, without the system's own surfaces. */
  enumerate(): readonly number[];
  /** The same one by one (`FindWindowExW`): all of them, not of one moment. */
  walk(): readonly number[];
  /** `undefined` when it is not shown, or gone. */
  describe(id: number): WindowRow | undefined;
  /** What has happened since the last call, in order. `undefined`: not all of it is known. */
  drainEvents(): readonly WindowEvent[] | undefined;
}
