import type { SourceMask } from '../../shared/capture-contract';
import { CaptureTime } from './capture-time';
import { coverFrame } from './cover-frame';
import { isWholeSource, toFrameArea } from './frame-areas';
import type { Cover, Looks } from './looks';

/** A desktop may show a window for so long after it has gone: a compositor draws late, a program repaints late what another one uncovered. */
const LINGER_MS = 1000;

/**
 * Covers the frames of one source.
 *
 * INVARIANTS
 * - A frame is covered by the union of all states of the windows between a look that was over before it was captured and one that began after
 *   it had come. Both are known by the order of things, not by comparing clocks of different processes.
 * - Without the two, or where it is not known what lies where in the frame, all of it is covered.
 */
export class FrameMask {
  readonly #mask: SourceMask;
  readonly #looks: Looks;
  readonly #captured: CaptureTime;
  #size: string | undefined;

  /** @param askedAt when the source was asked for */
  constructor(mask: SourceMask, askedAt: number, looks: Looks) {
    this.#mask = mask;
    this.#looks = looks;
    this.#captured = new CaptureTime(askedAt);
  }

  /** Takes the frame over; the receiver closes what is returned. Never rejects. @param receivedAt by `performance.now()` */
  async cover(frame: VideoFrame, receivedAt: number): Promise<VideoFrame> {
    const captured = this.#captured.earliest(frame.timestamp, receivedAt);
    const cover = await this.#looks.cover(this.#looks.before(captured - LINGER_MS) ?? this.#mask.look);
    return coverFrame(frame, this.#isKnown(frame) ? this.#inFrame(cover, frame) : 'all');
  }

  /** A source that delivers another size than it began with shows another part of the desktop, or a desktop that has changed. */
  #isKnown(frame: VideoFrame): boolean {
    const size = `${frame.displayWidth}x${frame.displayHeight}`;
    this.#size ??= size;
    return size === this.#size && isWholeSource({ width: frame.displayWidth, height: frame.displayHeight }, this.#mask.geometry);
  }

  #inFrame(cover: Cover, { displayWidth: width, displayHeight: height }: VideoFrame): Cover {
    if (cover === 'all') return cover;
    return cover
      .map((area) => toFrameArea(area, this.#mask.geometry, { width, height }))
      .filter((area) => area.width > 0 && area.height > 0);
  }
}
