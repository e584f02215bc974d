import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface RecordedFrame {
  /** Seconds. */
  readonly at: number;
  /** Mean colour (0xrrggbb) of each part the picture was divided into, from left to right. */
  readonly colours: readonly number[];
}

/** Every frame as it was encoded, at its own time. Fails when one of them is damaged. */
export async function recordedFrames(file: string, columns = 1): Promise<readonly RecordedFrame[]> {
  const times = await run('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=pts_time', '-of', 'csv=p=0', file]);
  const pixels = await run(
    'ffmpeg',
    [
      '-v',
      'error',
      '-i',
      file,
      '-enc_time_base',
      '1:1000',
      '-fps_mode',
      'passthrough',
      '-vf',
      `format=rgb24,scale=${columns}:1:flags=area`,
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-',
    ],
    {
      encoding: 'buffer',
      maxBuffer: 16 * 1024 * 1024,
    },
  );
  // Where a video was cut off, its last block may be torn: the frames before it count.
  const said = (times.stderr + pixels.stderr.toString()).replace(/.*File ended prematurely.*\n/g, '');
  if (said.trim() !== '') throw new Error(`the video is damaged: ${said}`);
  return times.stdout
    .trim()
    .split('\n')
    .map((time, frame) => ({
      at: Number.parseFloat(time),
      colours: Array.from({ length: columns }, (_, column) => pixels.stdout.readUIntBE((frame * columns + column) * 3, 3)),
    }));
}

export function isNear(colour: number, wanted: number): boolean {
  return [16, 8, 0].every((shift) => Math.abs(((colour >> shift) & 0xff) - ((wanted >> shift) & 0xff)) < 40);
}
