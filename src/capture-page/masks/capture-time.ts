/**
 * When a frame was captured, at the earliest (`performance.now()`): not before its source was asked for, and later than the first frame by what
 * their time stamps lie apart. Frames come in the order of their capture.
 */
export class CaptureTime {
  #first: { readonly stamp: number; readonly at: number } | undefined;
  #last: number;

  /** @param askedAt when the source was asked for */
  constructor(askedAt: number) {
    this.#last = askedAt;
  }

  /** @param stamp the frame's, in microseconds @param receivedAt when it came */
  earliest(stamp: number, receivedAt: number): number {
    this.#first ??= { stamp, at: this.#last };
    const byStamp = this.#first.at + (stamp - this.#first.stamp) / 1000;
    // Stamps from the future are none to go by: from here on they count anew.
    if (byStamp > receivedAt) this.#first = { stamp, at: this.#last };
    else this.#last = Math.max(this.#last, byStamp);
    return this.#last;
  }
}
