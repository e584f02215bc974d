import {
  CustomSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  type InputVideoTrack,
  MATROSKA,
  MP4,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  type StreamTargetChunk,
  WEBM,
} from 'mediabunny';
import type { ByteSource } from './ebml-walk';
import { videoParts, type VideoPart, type RawSource } from './video-parts';

export interface ByteSink {
  write(position: number, bytes: Uint8Array): Promise<void>;
}

export interface RemuxedVideo {
  readonly frames: number;
  readonly durationMs: number;
}

/** The last frame has no successor that tells how long it is shown. */
const LAST_FRAME_S = 0.2;
/** Rounding of container clocks, and the last frame's length. */
const DURATION_TOLERANCE_MS = 1500;

/**
 * Copies the video of a Matroska or WebM file, as far as its blocks are whole and can be shown, into an MP4 with its index in front.
 * Nothing is encoded anew; memory stays flat. Throws when the container cannot be read.
 */
export async function remuxToMp4(source: RawSource, sink: ByteSink): Promise<RemuxedVideo> {
  const parts = await videoParts(source);
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) throw new Error('there is no whole video block');
  const frames = await copyVideo(parts, sink);
  return { frames, durationMs: last.toMs - first.fromMs };
}

/** Reads the result back. Throws when frames or time are missing, or the index is not in front. */
export async function checkMp4(source: ByteSource, expected: RemuxedVideo): Promise<RemuxedVideo> {
  const input = openInput(source, [MP4]);
  try {
    const track = await videoTrack(input);
    let frames = 0;
    for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) if (packet) frames += 1;
    const durationMs = Math.round((await track.computeDuration()) * 1000);
    if (frames !== expected.frames) throw new Error(`the result has ${frames} frames instead of ${expected.frames}`);
    if (Math.abs(durationMs - expected.durationMs) > DURATION_TOLERANCE_MS) {
      throw new Error(`the result lasts ${durationMs} ms instead of ${expected.durationMs} ms`);
    }
    return { frames, durationMs };
  } finally {
    input.dispose();
  }
}

interface OutputVideo {
  readonly packets: EncodedVideoPacketSource;
  readonly frameCount: number;
  frames: number;
  firstTimestamp: number | undefined;
}

async function copyVideo(parts: readonly VideoPart[], sink: ByteSink): Promise<number> {
  const frameCount = parts.reduce((sum, { blocks, skipped }) => sum + blocks - skipped, 0);
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'reserve' }), target: streamTarget(sink) });
  let video: OutputVideo | undefined;
  for (const part of parts) {
    const input = openInput(part.source, [MATROSKA, WEBM]);
    try {
      const track = await videoTrack(input);
      video ??= await beginVideo(output, track, frameCount);
      await copyPart(video, track, part);
    } finally {
      input.dispose();
    }
  }
  await output.finalize();
  return video?.frames ?? 0;
}

async function beginVideo(output: Output, track: InputVideoTrack, frameCount: number): Promise<OutputVideo> {
  const codec = await track.getCodec();
  if (codec === null) throw new Error('the video codec is not known');
  const packets = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(packets, { maximumPacketCount: frameCount });
  await output.start();
  return { packets, frameCount, frames: 0, firstTimestamp: undefined };
}

async function copyPart(video: OutputVideo, track: InputVideoTrack, { blocks, skipped }: VideoPart): Promise<void> {
  const decoderConfig = await track.getDecoderConfig();
  if (decoderConfig === null) throw new Error('the video codec is not known');
  let seen = 0;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    seen += 1;
    if (seen <= skipped) continue;
    video.firstTimestamp ??= packet.timestamp;
    const duration = video.frames === video.frameCount - 1 ? LAST_FRAME_S : packet.duration;
    const moved = packet.clone({ timestamp: packet.timestamp - video.firstTimestamp, duration });
    await video.packets.add(moved, video.frames === 0 ? { decoderConfig } : undefined);
    video.frames += 1;
  }
  if (seen !== blocks) throw new Error(`only ${seen} of ${blocks} frames could be copied`);
}

function streamTarget(sink: ByteSink): StreamTarget {
  return new StreamTarget(new WritableStream<StreamTargetChunk>({ write: ({ data, position }) => sink.write(position, data) }), {
    chunked: true,
    chunkSize: 1024 * 1024,
  });
}

async function videoTrack(input: Input): Promise<InputVideoTrack> {
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error('there is no video track');
  return track;
}

function openInput(source: ByteSource, formats: ConstructorParameters<typeof Input>[0]['formats']): Input {
  return new Input({
    source: new CustomSource({ getSize: () => source.size, read: (start, end) => source.read(start, end), prefetchProfile: 'fileSystem' }),
    formats,
  });
}
