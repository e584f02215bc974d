import type { PageDraw, PageStart } from '../shared/capture-contract';

/** Composes the picture from the newest frame of each source. */
export interface Picture {
  /** Takes the frame over. `isNew`: it shows something else than the source's last one. */
  update(source: string, frame: VideoFrame, isNew: boolean): void;
  /** The picture as it is now, the receiver closes it; `undefined` until every source has given a frame. */
  render(): VideoFrame | undefined;
  /** The same again as a frame of its own: the encoder dates a captured one by its capture, however often it comes. */
  renderAgain(): Promise<VideoFrame | undefined>;
  /** Forgets what the sources gave. */
  clear(): void;
}

export function createPicture(start: Pick<PageStart, 'picture' | 'draws' | 'grayscale'>): Picture {
  const [only] = start.draws;
  if (start.draws.length === 1 && only !== undefined && !start.grayscale) return new SinglePicture(only, start.picture);
  return new ComposedPicture(start);
}

export function blackFrame({ width, height }: PageStart['picture']): VideoFrame {
  const luma = width * height;
  const planes = new Uint8Array(luma + luma / 2).fill(16, 0, luma).fill(128, luma);
  return new VideoFrame(planes, { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 });
}

interface Still {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly init: VideoFrameBufferInit;
}

async function readStill(frame: VideoFrame): Promise<Still | undefined> {
  const { format, visibleRect, colorSpace } = frame;
  if (format === null || visibleRect === null) return undefined;
  const { width: codedWidth, height: codedHeight } = visibleRect;
  try {
    const pixels = new Uint8Array(frame.allocationSize());
    const layout = await frame.copyTo(pixels);
    return { pixels, init: { format, layout, codedWidth, codedHeight, colorSpace, timestamp: 0 } };
  } catch {
    return undefined; // its pixels cannot be read, only drawn
  }
}

/** One source that fills the picture: its frames go on as they are, cropped if need be. */
class SinglePicture implements Picture {
  readonly #draw: PageDraw;
  readonly #size: PageStart['picture'];
  #frame: VideoFrame | undefined;
  /** The frame's pixels, for as long as the screen stands still: reading them costs more than encoding what has not changed. */
  #still: Still | undefined;
  #version = 0;

  constructor(draw: PageDraw, size: PageStart['picture']) {
    this.#draw = draw;
    this.#size = size;
  }

  update(_source: string, frame: VideoFrame, isNew: boolean): void {
    this.#frame?.close();
    this.#frame = frame;
    if (isNew) this.#forgetStill();
  }

  render(): VideoFrame | undefined {
    const frame = this.#frame;
    if (frame === undefined) return undefined;
    const visibleRect = partOf(frame, this.#draw);
    if (visibleRect.width === this.#size.width && visibleRect.height === this.#size.height) {
      return new VideoFrame(frame, { visibleRect, displayWidth: visibleRect.width, displayHeight: visibleRect.height, timestamp: 0 });
    }
    return scaled(frame, visibleRect, this.#size);
  }

  async renderAgain(): Promise<VideoFrame | undefined> {
    const version = this.#version;
    this.#still ??= await this.#readStill();
    if (version !== this.#version) return undefined;
    // A new frame each time: what is written twice falls silent in the encoder after some seconds, under whatever timestamps.
    if (this.#still !== undefined) return new VideoFrame(this.#still.pixels, this.#still.init);
    const frame = this.#frame;
    return frame === undefined ? undefined : scaled(frame, partOf(frame, this.#draw), this.#size);
  }

  async #readStill(): Promise<Still | undefined> {
    const version = this.#version;
    const frame = this.render();
    if (frame === undefined) return undefined;
    const still = await readStill(frame);
    frame.close();
    // Something newer came, or all was cleared, while it was read.
    return version === this.#version ? still : undefined;
  }

  clear(): void {
    this.#frame?.close();
    this.#frame = undefined;
    this.#forgetStill();
  }

  #forgetStill(): void {
    this.#still = undefined;
    this.#version += 1;
  }
}

class ComposedPicture implements Picture {
  readonly #start: Pick<PageStart, 'picture' | 'draws' | 'grayscale'>;
  readonly #context: OffscreenCanvasRenderingContext2D;
  readonly #frames = new Map<string, VideoFrame>();

  constructor(start: Pick<PageStart, 'picture' | 'draws' | 'grayscale'>) {
    this.#start = start;
    this.#context = canvasContext(start.picture);
    if (start.grayscale) this.#context.filter = 'grayscale(1)';
  }

  update(source: string, frame: VideoFrame): void {
    this.#frames.get(source)?.close();
    this.#frames.set(source, frame);
  }

  render(): VideoFrame | undefined {
    const { draws } = this.#start;
    if (draws.some((draw) => !this.#frames.has(draw.source))) return undefined;
    for (const draw of draws) {
      const frame = this.#frames.get(draw.source)!;
      const { x, y, width, height } = partOf(frame, draw);
      const { to } = draw;
      this.#context.drawImage(frame, x, y, width, height, to.x, to.y, to.width, to.height);
    }
    return new VideoFrame(this.#context.canvas, { timestamp: 0, alpha: 'discard' });
  }

  async renderAgain(): Promise<VideoFrame | undefined> {
    return this.render();
  }

  clear(): void {
    for (const frame of this.#frames.values()) frame.close();
    this.#frames.clear();
  }
}

let scaler: OffscreenCanvasRenderingContext2D | undefined;

function scaled(frame: VideoFrame, part: DOMRectInit, size: PageStart['picture']): VideoFrame {
  if (scaler?.canvas.width !== size.width || scaler.canvas.height !== size.height) scaler = canvasContext(size);
  scaler.drawImage(frame, part.x!, part.y!, part.width!, part.height!, 0, 0, size.width, size.height);
  return new VideoFrame(scaler.canvas, { timestamp: 0, alpha: 'discard' });
}

function canvasContext({ width, height }: PageStart['picture']): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false, willReadFrequently: true });
  if (context === null) throw new Error('no canvas');
  context.imageSmoothingQuality = 'high';
  return context;
}

/** The draw's part of this frame, on even pixels: chroma is kept for every second one. */
function partOf(frame: VideoFrame, draw: Pick<PageDraw, 'from'>): { x: number; y: number; width: number; height: number } {
  const { displayWidth: width, displayHeight: height } = frame;
  const even = (value: number): number => Math.floor(value / 2 + 1e-6) * 2;
  return {
    x: even(draw.from.x * width),
    y: even(draw.from.y * height),
    width: even(draw.from.width * width),
    height: even(draw.from.height * height),
  };
}
