import { spawn } from 'node:child_process';

export interface FramePixels {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel. */
  readonly rgb: Buffer;
}

/** Every frame of a video file, decoded in full. */
export async function forEachFrame(
  file: string,
  size: { readonly width: number; readonly height: number },
  look: (frame: FramePixels) => void,
): Promise<number> {
  const decoder = spawn('ffmpeg', ['-v', 'error', '-i', file, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const bytes = size.width * size.height * 3;
  let waiting: Buffer[] = [];
  let length = 0;
  let frames = 0;
  for await (const chunk of decoder.stdout) {
    waiting.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length < bytes) continue;
    let all = Buffer.concat(waiting);
    for (; all.length >= bytes; all = all.subarray(bytes)) {
      look({ ...size, rgb: all.subarray(0, bytes) });
      frames += 1;
    }
    waiting = [all];
    length = all.length;
  }
  return frames;
}

/** Pixels of a frame. */
export interface SeenPixels {
  /** Of `SECRET`, as the encoder leaves it at a few megabits; no edge between other colours gives it. */
  readonly secret: number;
  readonly grey: number;
  readonly bright: number;
}

/** In one loop without calls: a frame has half a million pixels, and a video hundreds of frames. */
export function countPixels({ rgb }: FramePixels): SeenPixels {
  let [secret, grey, bright] = [0, 0, 0];
  for (let at = 0; at < rgb.length; at += 3) {
    const red = rgb[at]!;
    const green = rgb[at + 1]!;
    const blue = rgb[at + 2]!;
    if (red > 160 && blue > 160 && green < 80) secret += 1;
    const isPlain = red - green < 14 && green - red < 14 && green - blue < 14 && blue - green < 14;
    if (isPlain && red > 90 && red < 225) grey += 1;
    if (red > 235 && green > 235 && blue > 235) bright += 1;
  }
  return { secret, grey, bright };
}
