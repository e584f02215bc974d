import type { PageDraw, PageStart } from '../shared/capture-contract';

/** Composes the picture from the newest frame of each source. */
export interface Picture {
  /** Takes the frame over. */
  update(source: string, frame: VideoFrame): void;
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

const WHOLE = { from: { x: 0, y: 0, width: 1, height: 1 } };

async function copied(frame: VideoFrame): Promise<VideoFrame> {
  const { format, visibleRect, colorSpace } = frame;
  if (format === null || visibleRect === null) throw new Error('not readable');
  const pixels = new Uint8Array(frame.allocationSize());
  const layout = await frame.copyTo(pixels);
  return new VideoFrame(pixels, {
    format,
    layout,
    codedWidth: visibleRect.width,
    codedHeight: visibleRect.height,
    colorSpace,
    timestamp: 0,
  });
}

/** One source that fills the picture: its frames go on as they are, cropped if need be. */
class SinglePicture implements Picture {
  readonly #draw: PageDraw;
  readonly #size: PageStart['picture'];
  #frame: VideoFrame | undefined;

  constructor(draw: PageDraw, size: PageStart['picture']) {
    this.#draw = draw;
    this.#size = size;
  }

  update(_source: string, frame: VideoFrame): void {
    this.#frame?.close();
    this.#frame = frame;
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
    const frame = this.render();
    if (frame === undefined) return undefined;
    try {
      return await copied(frame);
    } catch {
      return scaled(frame, partOf(frame, WHOLE), this.#size); // its pixels cannot be read, only drawn
    } finally {
      frame.close();
    }
  }

  clear(): void {
    this.#frame?.close();
    this.#frame = undefined;
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
