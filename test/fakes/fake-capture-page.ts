import type { CaptureDisplay, CapturePagePort } from '../../src/screen/page-port';
import type { CapturePageMethod } from '../../src/shared/capture-contract';
import { Emitter } from '../../src/shared/emitter';

/** A capture page that does nothing but keep what it was asked. */
export class FakeCapturePage implements CapturePagePort {
  readonly calls: (readonly [CapturePageMethod, unknown])[] = [];
  readonly selected: string[] = [];
  readonly messages = new Emitter<unknown>();
  readonly crashes = new Emitter<string>();
  readonly displayChanges = new Emitter<void>();
  readonly answers: Partial<Record<CapturePageMethod, () => Promise<unknown>>> = {
    start: async () => ({ mimeType: 'video/x-matroska;codecs=avc1', startedAgoMs: 1 }),
  };
  shown: readonly CaptureDisplay[] = [{ id: 'main', isPrimary: true, geometry: { x: 0, y: 0, width: 1920, height: 1080 } }];
  isOpen = false;

  async open(): Promise<void> {
    this.isOpen = true;
  }

  async close(): Promise<void> {
    this.isOpen = false;
  }

  async displays(): Promise<readonly CaptureDisplay[]> {
    return this.shown;
  }

  async select(source: string): Promise<void> {
    this.selected.push(source);
  }

  async call(method: CapturePageMethod, argument?: unknown): Promise<unknown> {
    this.calls.push([method, argument]);
    return this.answers[method]?.();
  }

  onMessage(listener: (message: unknown) => void) {
    return this.messages.subscribe(listener);
  }

  onCrashed(listener: (reason: string) => void) {
    return this.crashes.subscribe(listener);
  }

  onDisplaysChanged(listener: () => void) {
    return this.displayChanges.subscribe(listener);
  }
}
