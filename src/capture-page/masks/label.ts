const WIDTH = 112;
const HEIGHT = 32;

/** The word that says that something is covered, drawn once. */
export interface Label {
  readonly canvas: OffscreenCanvas;
  readonly width: number;
  readonly height: number;
  /** How much of each pixel is letter, 0 to 255, row by row. */
  readonly ink: Uint8Array;
}

let drawn: Label | undefined;

export function label(): Label {
  return (drawn ??= draw());
}

function draw(): Label {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no canvas');
  context.font = '22px sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = '#e0e0e0';
  context.fillText('masked', WIDTH / 2, HEIGHT / 2, WIDTH);
  const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
  const ink = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, pixel) => data[pixel * 4 + 3]!);
  return { canvas, width: WIDTH, height: HEIGHT, ink };
}
