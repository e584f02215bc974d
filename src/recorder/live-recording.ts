import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { Serial } from '../lib/serial';
import type { Encoding, RecordingEvent, RecordingStart } from '../shared/recording';
import type { MaskRule } from '../shared/mask-rules';
import { describeError } from '../shared/errors';
import { fromRwsTime, toRwsTime } from '../shared/rws-time';
import { LiveSegment, type SegmentListener } from './live-segment';
import type { RecordingStore, RecordingWriter } from './ports';
import { SILENT } from './recorder-end';
import { MOMENT_MS } from './recorder-gap';
import type { CaptureRequest, ScreenCapture } from '../screen/ports';

export interface LiveRecordingDeps {
  readonly capture: ScreenCapture;
  /** One run of the encoder at a time, whoever asks. */
  readonly captureTurns: Serial;
  readonly store: RecordingStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A recording in progress and its segments: does what the machine decided, in that order. */
export class LiveRecording {
  readonly encoding: Encoding;
  /** What is covered besides what the configuration says. */
  readonly masks: readonly MaskRule[];
  readonly #deps: LiveRecordingDeps;
  readonly #writer: Promise<RecordingWriter>;
  /** By the run of the encoder that fills them. */
  readonly #segments = new Map<number, LiveSegment>();
  readonly #notes = new Serial();
  #videoUntil: number | undefined;
  /** What is missing from before this on is noted already. */
  #gapFrom = 0;

  constructor(start: RecordingStart, masks: readonly MaskRule[], deps: LiveRecordingDeps) {
    this.#deps = deps;
    this.masks = masks;
    this.encoding = start.encoding;
    this.#writer = deps.store.begin(start);
    this.#writer.catch(() => undefined); // told through `begun`
  }

  async begun(): Promise<void> {
    await this.#writer;
  }

  /** When the last slice came, epoch milliseconds: after `close` for good. */
  get videoUntil(): number | undefined {
    return this.#videoUntil;
  }

  segment(run: number): LiveSegment | undefined {
    return this.#segments.get(run);
  }

  startSegment(run: number, request: CaptureRequest, listener: SegmentListener): LiveSegment {
    const onSlice = (bytes: number): void => {
      this.#videoUntil = this.#deps.clock.now();
      listener.onSlice(bytes);
    };
    const segment = new LiveSegment({
      ...this.#deps,
      writer: this.#writer,
      request,
      listener: { ...listener, onSlice },
      noted: (silentSince) => this.#noted(silentSince),
    });
    this.#segments.set(run, segment);
    return segment;
  }

  /** A report may be lost with the program; what the file lacks at its end is said beside it too. */
  async #noted(silentSince: number | undefined): Promise<void> {
    if (silentSince !== undefined && silentSince > this.#gapFrom) {
      this.note({ time: toRwsTime(silentSince), event: 'gap', reason: SILENT.reason });
    }
    await this.#notes.idle();
  }

  note(event: RecordingEvent): void {
    if (event.event === 'gap') this.#gapFrom = Math.max(this.#gapFrom, (fromRwsTime(event.time) ?? 0) + MOMENT_MS);
    void this.#notes.run(async () => {
      try {
        await (await this.#writer).note(event);
      } catch (error) {
        this.#deps.log.warn('an event of the recording was not noted', { event: event.event, reason: describeError(error) });
      }
    });
  }

  /**
   * Resolves when every segment with video became an upload job: with whether any did. Throws what kept one from it, after the others
   * are done.
   */
  async close(stopTime: string = toRwsTime(this.#deps.clock.now())): Promise<boolean> {
    const writer = await this.#writer;
    const ends = await Promise.allSettled([...this.#segments.values()].map((segment) => segment.end()));
    await this.#notes.idle();
    await writer.close(stopTime);
    const failed = ends.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return ends.some((result) => result.status === 'fulfilled' && result.value);
  }
}
