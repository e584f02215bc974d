import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface MaterialOptions {
  readonly container: 'matroska' | 'webm';
  readonly codec: 'libx264' | 'libvpx-vp9' | 'libvpx';
  readonly seconds: number;
  readonly framesPerSecond?: number;
  /** As a live encoder writes: sizes unknown, no index. */
  readonly isLive?: boolean;
}

/** A test picture with a moving counter, encoded by ffmpeg as the capture page would. */
export async function makeMaterial(options: MaterialOptions): Promise<Buffer> {
  const { container, codec, seconds, framesPerSecond = 5, isLive = true } = options;
  const folder = await mkdtemp(join(tmpdir(), 'srs-material-'));
  try {
    const file = join(folder, 'material');
    const speed = codec === 'libx264' ? ['-preset', 'ultrafast', '-pix_fmt', 'yuv420p'] : ['-deadline', 'realtime', '-cpu-used', '8'];
    const live = isLive ? ['-live', '1'] : [];
    const source = `testsrc=size=320x240:rate=${framesPerSecond}:duration=${seconds}`;
    await run('ffmpeg', [
      '-loglevel',
      'error',
      '-f',
      'lavfi',
      '-i',
      source,
      '-c:v',
      codec,
      '-g',
      '10',
      ...speed,
      ...live,
      '-f',
      container,
      file,
    ]);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface ProbedVideo {
  readonly container: string;
  readonly codec: string;
  readonly frames: number;
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
}

/** What ffprobe finds after decoding every frame. */
export async function probeVideo(file: string): Promise<ProbedVideo> {
  const { stdout } = await run('ffprobe', [
    ...['-loglevel', 'error', '-count_frames', '-select_streams', 'v:0', '-of', 'json'],
    ...['-show_entries', 'stream=codec_name,nb_read_frames,width,height:format=duration,format_name', file],
  ]);
  const { streams, format } = JSON.parse(stdout) as {
    streams: { codec_name: string; nb_read_frames: string; width: number; height: number }[];
    format: { duration: string; format_name: string };
  };
  const stream = streams[0];
  if (stream === undefined) throw new Error('ffprobe found no video');
  return {
    container: format.format_name,
    codec: stream.codec_name,
    frames: Number(stream.nb_read_frames),
    seconds: Number(format.duration),
    width: stream.width,
    height: stream.height,
  };
}

/** Cut into slices of about `count` equal parts, at no boundary in particular: as a MediaRecorder may. */
export function slicesOf(material: Buffer, count: number): readonly Buffer[] {
  const length = Math.ceil(material.length / count);
  return Array.from({ length: count }, (_, index) => material.subarray(index * length, (index + 1) * length)).filter(
    ({ length: l }) => l > 0,
  );
}
