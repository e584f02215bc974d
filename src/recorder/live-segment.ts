import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { Serial } from '../lib/serial';
import type { Covering } from '../masks/mask-run';
import type { DisplayGeometry } from '../shared/display';
import { describeError } from '../shared/errors';
import { toRwsTime } from '../shared/rws-time';
import { SILENT_MS } from './recorder-end';
import { StoreError } from './store-error';
import type { RecordingWriter, SegmentWriter } from './ports';
import type { CaptureEndReason, CaptureRequest, CaptureRun, ScreenCapture } from '../screen/ports';

/** Slices the disk has not taken yet. At the default bit rate this is ten minutes; a disk that slow will not catch up. */
const MAX_PENDING_BYTES = 32 * 1024 * 1024;

export interface SegmentListener {
  /** `startedAt`: when the first frame went to the encoder, epoch milliseconds. */
  onStarted(displays: readonly DisplayGeometry[], startedAt: number): void;
  onStartFailed(error: unknown): void;
  /** A slice arrived from the encoder (it may not be on disk yet). */
  onSlice(bytes: number): void;
  onDisplaysChanged(): void;
  onCovering(covering: Covering): void;
  onEnded(reason: CaptureEndReason): void;
  /** The disk refused: nothing more can be kept of this segment. */
  onStoreFailed(error: unknown): void;
}

export interface LiveSegmentDeps {
  readonly capture: ScreenCapture;
  readonly captureTurns: Serial;
  readonly writer: Promise<RecordingWriter>;
  readonly request: CaptureRequest;
  readonly listener: SegmentListener;
  /** Resolves when what was noted of the recording so far is on disk, and the gap at the segment's end, if there is one. */
  readonly noted: (silentSince: number | undefined) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A segment in progress: what one run of the encoder gives, and its file. Slices are written in order, and are never held beyond a bound. */
export class LiveSegment {
  readonly #deps: LiveSegmentDeps;
  readonly #writes = new Serial();
  #run: CaptureRun | undefined;
  #file: SegmentWriter | undefined;
  #pendingBytes = 0;
  #hasStoreFailed = false;
  /** No more is taken, but what waits is still written. */
  #isFull = false;
  #isEnding = false;
  /** When the last slice came, or a pause ended since, epoch milliseconds. */
  #videoUntil: number | undefined;
  #isPaused = false;
  #ending: Promise<boolean> | undefined;

  constructor(deps: LiveSegmentDeps) {
    this.#deps = deps;
    void deps.captureTurns.run(() => this.#start());
  }

  async #start(): Promise<void> {
    const { capture, request, listener, clock } = this.#deps;
    if (this.#isEnding) return;
    try {
      // Written behind this first task, whatever arrives before the file is there.
      let openFile: (task: () => Promise<void>) => void = () => undefined;
      const opened = new Promise<void>((resolve, reject) => {
        openFile = (task) => void task().then(resolve, reject);
      });
      void this.#writes.run(() => opened).catch((error: unknown) => this.#storeFailed(error));
      try {
        this.#run = await capture.start(request, {
          onSlice: (bytes) => this.#onSlice(bytes),
          onDisplaysChanged: () => listener.onDisplaysChanged(),
          onCovering: (covering) => listener.onCovering(covering),
          onEnded: (reason) => listener.onEnded(reason),
        });
      } catch (error) {
        openFile(async () => undefined);
        throw error;
      }
      if (this.#isEnding) {
        // Paused or stopped meanwhile: nothing that was seen since may be kept.
        this.#isFull = true;
        openFile(async () => undefined);
        return;
      }
      const run = this.#run;
      const startedAt = clock.now() - run.startedAgoMs;
      openFile(() => this.#openFile(run, startedAt));
      listener.onStarted(run.displays, startedAt);
    } catch (error) {
      listener.onStartFailed(error);
    }
  }

  async #openFile({ mimeType, displays }: CaptureRun, startedAt: number): Promise<void> {
    const writer = await this.#deps.writer;
    this.#file = await writer.beginSegment({ mimeType, displays, startTime: toRwsTime(startedAt) });
  }

  async pause(): Promise<void> {
    await this.#run?.pause();
    this.#isPaused = true;
  }

  async resume(): Promise<void> {
    await this.#run?.resume();
    this.#isPaused = false;
    if (this.#videoUntil !== undefined) this.#videoUntil = this.#deps.clock.now();
  }

  /** Ends the run, writes what is left, finishes the segment. Resolves with whether it became media. Memoised. Throws `StoreError`. */
  end(): Promise<boolean> {
    this.#isEnding = true;
    this.#ending ??= this.#end();
    this.#ending.catch(() => undefined); // told when the recording closes
    return this.#ending;
  }

  async #end(): Promise<boolean> {
    const { captureTurns, clock, noted, log } = this.#deps;
    // Takes its turn at once, before the next segment's start: behind this one's own start, and behind nothing else.
    await captureTurns.run(async () => {
      await this.#run?.stop().catch((error: unknown) => log.warn('the encoder did not stop by itself', { reason: describeError(error) }));
    });
    const silentSince = this.#silentSince();
    const stopTime = toRwsTime(silentSince ?? clock.now());
    await this.#writes.idle();
    // A segment that has ended is whole to whoever recovers it: what it lacks is on disk before.
    await noted(silentSince);
    return (await this.#file?.finish(stopTime)) ?? false;
  }

  /** An encoder that gave nothing at its end either: the video ended with its last slice. */
  #silentSince(): number | undefined {
    const since = this.#videoUntil;
    return since !== undefined && !this.#isPaused && this.#deps.clock.now() - since > SILENT_MS ? since : undefined;
  }

  #onSlice(bytes: Uint8Array): void {
    if (this.#hasStoreFailed || this.#isFull) return;
    this.#videoUntil = this.#deps.clock.now();
    this.#pendingBytes += bytes.byteLength;
    if (this.#pendingBytes > MAX_PENDING_BYTES) {
      this.#isFull = true;
      this.#deps.listener.onStoreFailed(new StoreError('io', 'The disk takes the recording too slowly'));
      return;
    }
    void this.#writes.run(() => this.#write(bytes));
    this.#deps.listener.onSlice(bytes.byteLength);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#hasStoreFailed || this.#file === undefined) return;
    try {
      await this.#file.append(bytes);
    } catch (error) {
      this.#storeFailed(error);
    } finally {
      this.#pendingBytes -= bytes.byteLength;
    }
  }

  #storeFailed(error: unknown): void {
    if (this.#hasStoreFailed) return;
    this.#hasStoreFailed = true;
    this.#deps.listener.onStoreFailed(error);
  }
}
