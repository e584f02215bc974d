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
import { cutAtBlock, walkBlocks, type ByteSource } from './ebml-walk';

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
 * Copies the video of a Matroska or WebM file, as far as its blocks are whole, into an MP4 with its index in front. Nothing is
 * encoded anew; memory stays flat. Throws when the container cannot be read.
 */
export async function remuxToMp4(source: ByteSource, sink: ByteSink): Promise<RemuxedVideo> {
  const walked = await walkBlocks(source);
  if (walked.blocks === 0) throw new Error('there is no whole video block');
  const input = openInput(cutAtBlock(source, walked), [MATROSKA, WEBM]);
  try {
    const frames = await copyVideo(await videoTrack(input), walked.blocks, sink);
    if (frames !== walked.blocks) throw new Error(`only ${frames} of ${walked.blocks} frames could be copied`);
    return { frames, durationMs: walked.lastMs - walked.firstMs };
  } finally {
    input.dispose();
  }
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

async function copyVideo(track: InputVideoTrack, maximumPacketCount: number, sink: ByteSink): Promise<number> {
  const codec = await track.getCodec();
  const decoderConfig = await track.getDecoderConfig();
  if (codec === null || decoderConfig === null) throw new Error('the video codec is not known');
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'reserve' }), target: streamTarget(sink) });
  const video = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(video, { maximumPacketCount });
  await output.start();
  let frames = 0;
  let firstTimestamp: number | undefined;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    firstTimestamp ??= packet.timestamp;
    const duration = frames === maximumPacketCount - 1 ? LAST_FRAME_S : packet.duration;
    await video.add(packet.clone({ timestamp: packet.timestamp - firstTimestamp, duration }), frames === 0 ? { decoderConfig } : undefined);
    frames += 1;
  }
  await output.finalize();
  return frames;
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
