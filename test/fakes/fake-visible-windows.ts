import type { Area } from '../../src/masks/areas';
import type { Desk, DeskWindow, OpenVisibleWindows, WindowsListener } from '../../src/masks/ports';

export const FAKE_DISPLAY: Area = { x: 0, y: 0, width: 100, height: 100 };

export function fakeWindow(id: number, title: string, area: Area): DeskWindow {
  return { id, area, opaque: [area], applications: [], titles: [title], owners: [] };
}

/** Windows that a test moves, behind a source that it breaks. */
export class FakeVisibleWindows {
  /** What the next looks and opens do. */
  mode: 'answer' | 'hang' | 'fail' = 'answer';
  opened = 0;
  closed = 0;
  #desk: Desk = { displays: [FAKE_DISPLAY], windows: [] };
  #listener: WindowsListener | undefined;

  readonly open: OpenVisibleWindows = async (listener) => {
    this.opened += 1;
    await this.#answer();
    this.#listener = listener;
    listener.onDesk(this.#desk);
    return { look: () => this.#answer(), close: () => void (this.closed += 1) };
  };

  show(windows: readonly DeskWindow[], displays: readonly Area[] = [FAKE_DISPLAY]): void {
    this.#desk = { displays, windows };
    this.#listener?.onDesk(this.#desk);
  }

  lose(): void {
    this.#listener?.onLost('killed by the test');
  }

  /** A hanging one never settles: whoever asks has his own deadline. */
  async #answer(): Promise<void> {
    if (this.mode === 'fail') throw new Error('broken by the test');
    if (this.mode === 'hang') await new Promise(() => undefined);
  }
}
