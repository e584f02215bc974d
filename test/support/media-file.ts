import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface MediaFacts {
  readonly codec: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** Seconds. */
  readonly duration: number;
  readonly frames: number;
}

/** What ffprobe says of a file, every frame decoded. Fails when it cannot be read. */
export async function probeMedia(file: string): Promise<MediaFacts> {
  const entries = 'stream=codec_name,width,height,nb_read_frames:format=duration,format_name';
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-count_frames',
    '-select_streams',
    'v:0',
    '-show_entries',
    entries,
    '-of',
    'json',
    file,
  ]);
  const { streams, format } = JSON.parse(stdout) as {
    streams: { codec_name: string; width: number; height: number; nb_read_frames: string }[];
    format: { duration: string; format_name: string };
  };
  const [video] = streams;
  if (video === undefined) throw new Error(`${file} holds no video`);
  return {
    codec: video.codec_name,
    format: format.format_name,
    width: video.width,
    height: video.height,
    duration: Number(format.duration),
    frames: Number(video.nb_read_frames),
  };
}

type Colour = readonly [red: number, green: number, blue: number];

/** The first second at which the picture is nearer to `colour` than to anything else asked about, to a hundredth. */
export async function firstSecondOf(file: string, isIt: (colour: Colour) => boolean, duration: number, step = 0.1): Promise<number> {
  const args = ['-v', 'error', '-i', file, '-vf', `fps=${1 / step},scale=1:1:flags=area`, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer' });
  for (let frame = 0; frame * 3 + 2 < stdout.length; frame += 1) {
    if (isIt([stdout[frame * 3] ?? 0, stdout[frame * 3 + 1] ?? 0, stdout[frame * 3 + 2] ?? 0])) return frame * step;
  }
  throw new Error(`the picture never comes in ${duration} s of ${file}`);
}
