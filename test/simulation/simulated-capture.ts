import type { Timer } from '../../src/lib/clock';
import { CaptureError } from '../../src/screen/errors';
import type { CaptureListener, CaptureRun, ScreenCapture } from '../../src/screen/ports';
import type { SeededRandom } from './random';
import type { SimulatedProcess } from './simulated-process';

/** What is in a slice: the steady time it shows. Found on the disk, it was written in clear. */
export const PICTURE = 'PICTURE-OF-THE-SCREEN';
const DISPLAYS = [{ x: 0, y: 0, width: 1920, height: 1080 }];

/** Steady milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

class SimulatedRun implements CaptureRun {
  readonly mimeType = 'video/x-matroska;codecs=avc1';
  readonly displays = DISPLAYS;
  readonly startedAgoMs = 0;
  isOver = false;
  isPaused = false;
  readonly #listener: CaptureListener;
  readonly #capture: SimulatedCapture;
  #from: number;
  /** A silent encoder keeps what it has until it speaks again, or is gone. */
  #held: Buffer[] = [];
  readonly #heldSpans: Span[] = [];
  #timer: Timer | undefined;

  constructor(capture: SimulatedCapture, listener: CaptureListener) {
    this.#capture = capture;
    this.#listener = listener;
    this.#from = capture.process.steady();
    this.#tick();
  }

  async pause(): Promise<void> {
    this.#slice();
    this.isPaused = true;
  }

  async resume(): Promise<void> {
    this.#slice();
    this.isPaused = false;
  }

  async stop(): Promise<void> {
    this.#end();
  }

  displaysChanged(): void {
    this.#listener.onDisplaysChanged();
  }

  crash(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#timer?.cancel();
    this.#listener.onEnded({ code: 'crashed', message: 'The capture page is gone' });
  }

  #tick(): void {
    this.#timer = this.#capture.process.after(1000, () => {
      this.#slice();
      this.#tick();
    });
  }

  #end(): void {
    if (this.isOver) return;
    this.#timer?.cancel();
    this.#slice();
    this.isOver = true;
  }

  #slice(): void {
    const to = this.#capture.process.steady();
    if (this.isOver || to <= this.#from) return;
    this.#held.push(Buffer.from(`|${PICTURE}:${this.#from}:${to}:${this.isPaused ? 'black' : 'shown'}|`));
    this.#heldSpans.push({ from: this.#from, to });
    this.#from = to;
    if (this.#capture.isSilent) return;
    this.#capture.givenUntil = to;
    this.#capture.given.push(...this.#heldSpans.splice(0));
    this.#listener.onSlice(Buffer.concat(this.#held.splice(0)));
  }
}

/** A screen whose video says which time it shows. */
export class SimulatedCapture implements ScreenCapture {
  readonly process: SimulatedProcess;
  readonly #random: SeededRandom;
  isSilent = false;
  isBroken = false;
  run: SimulatedRun | undefined;
  /** The end of the last slice. */
  givenUntil = 0;
  /** Of every run, also of earlier lives of the program. */
  readonly given: Span[];

  constructor(process: SimulatedProcess, random: SeededRandom, given: Span[]) {
    this.process = process;
    this.given = given;
    this.#random = random;
  }

  /** Is a run of the encoder under way, and does it show the screen? */
  get shows(): 'nothing' | 'black' | 'screen' {
    if (this.run === undefined || this.run.isOver) return 'nothing';
    return this.run.isPaused ? 'black' : 'screen';
  }

  async warm(): Promise<void> {
    if (this.isBroken) throw new CaptureError('crashed', 'The capture page does not come up');
  }

  onLost(): () => void {
    return () => undefined;
  }

  async cool(): Promise<void> {
    await this.run?.stop();
  }

  async start(_request: unknown, listener: CaptureListener): Promise<CaptureRun> {
    await new Promise<void>((resolve) => this.process.after(this.#random.between(20, 250), resolve));
    if (this.isBroken) throw new CaptureError('crashed', 'The capture page is gone');
    return (this.run = new SimulatedRun(this, listener));
  }
}
