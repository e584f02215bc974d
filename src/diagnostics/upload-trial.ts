import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { SystemClock } from '../lib/clock';
import { silentLogger } from '../lib/logger';
import { toRwsTime } from '../shared/rws-time';
import type { RwsLogin } from '../rws/ports';
import { sendAndCheck } from '../upload/check-kept';
import type { MediaSend } from '../upload/media-sender';
import { PieceSizes } from '../upload/piece-sizes';
import { ResumableOffer } from '../upload/resumable-offer';
import { asOnWire } from '../upload/upload-names';
import type { Walk } from './walk';

const SIZE = 1024;
const BOX_HEADER = 8;

/** Sends a file as the service sends a recording. @returns what became of it. Throws as `RwsHttp.request` does. */
export async function uploadTrial(login: RwsLogin, { config, clientVersion }: Walk, signal: AbortSignal): Promise<string> {
  const clock = new SystemClock();
  const media = emptyVideo();
  const job = trialJob(media, { userName: login.user.userName, clientVersion, now: clock.now() });
  const send: MediaSend = {
    job: asOnWire(job, config.rws),
    login: { userName: login.user.userName, isOwn: true, http: login.http, hold: () => () => undefined, report: () => undefined },
    contactCenterId: login.user.contactCenterId ?? '',
    openMedia: (offset, length) => Readable.from([media.subarray(offset, length === undefined ? undefined : offset + length)]),
    signal,
    idleTimeoutMs: config.rws.timeoutSeconds * 1000,
    names: config.rws.upload,
  };
  const ways = { offer: new ResumableOffer(clock), sizes: new PieceSizes(clock), rws: config.rws, clock, log: silentLogger };
  await sendAndCheck(
    ways,
    { send, mediaId: job.mediaId },
    { resumePoint: { tusUrl: undefined, move: () => undefined }, isLoginFresh: true },
  );
  return `Taken: ${SIZE} bytes stay at RWS as recording ${job.recordingId}, media ${send.job.mediaId}.`;
}

/** The two boxes that make a file an MP4, and nothing to show. */
function emptyVideo(): Buffer {
  const box = (type: string, content: Buffer): Buffer => {
    const head = Buffer.alloc(BOX_HEADER);
    head.writeUInt32BE(BOX_HEADER + content.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, content]);
  };
  const start = box('ftyp', Buffer.from('isom\0\0\0\0isomiso2', 'latin1'));
  return Buffer.concat([start, box('free', Buffer.alloc(SIZE - start.length - BOX_HEADER))]);
}

function trialJob(
  media: Buffer,
  { userName, clientVersion, now }: { readonly userName: string; readonly clientVersion: string; readonly now: number },
): MediaSend['job'] {
  const [recordingId, mediaId] = [`doctor-${randomUUID()}`, randomUUID()];
  const sha256 = createHash('sha256').update(media).digest('hex');
  const times = { startTime: toRwsTime(now), stopTime: toRwsTime(now) };
  const file = { mediaId, ...times, duration: '0', size: String(media.length), type: 'video/mp4' as const, sha256 };
  const parameters = { contact: { userName }, displays: [], clientVersion };
  const metadata = { id: recordingId, ...times, eventHistory: [], mediaFiles: [{ ...file, parameters }] as const };
  return { mediaId, recordingId, userName, createdAt: now, size: media.length, sha256, mimeType: 'video/mp4', metadata, attempts: 0 };
}
