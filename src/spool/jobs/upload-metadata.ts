import { omitUndefined } from '../../shared/omit-undefined';
import { fromRwsTime, laterBy } from '../../shared/rws-time';
import type { UploadMetadata } from '../../shared/recording';
import type { MediaFacts } from '../media/make-media-file';
import type { SpoolJob } from '../ports';
import type { Journal, JournalSegment } from '../schemas';

export interface JobFacts {
  readonly journal: Journal;
  readonly segment: JournalSegment;
  readonly media: MediaFacts;
  /** When the first frame is shown, in milliseconds from the segment's start; more than 0 when the frames before it were lost. */
  readonly startMs: number;
  /** RWS time. */
  readonly stopTime: string;
  readonly clientVersion: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The upload job a finished segment becomes; its metadata as rws.md, *Upload*, has it. */
export function toJob(facts: JobFacts): SpoolJob {
  const { agent, recordingId } = facts.journal.start;
  return {
    mediaId: facts.segment.mediaId,
    recordingId,
    userName: agent.userName,
    ...omitUndefined({ servers: agent.servers, contactCenterId: agent.contactCenterId }),
    createdAt: facts.now,
    size: facts.media.size,
    sha256: facts.media.sha256,
    mimeType: facts.media.mimeType,
    metadata: toMetadata(facts),
    attempts: 0,
  };
}

function toMetadata({ journal, segment, media, startMs, stopTime, clientVersion }: JobFacts): UploadMetadata {
  const { agent, recordingId, region, callUuid, parameters, startTime } = journal.start;
  const mediaStart = laterBy(segment.start.startTime, startMs);
  const optional = omitUndefined({ region });
  return {
    id: recordingId,
    startTime,
    stopTime,
    ...optional,
    // A gap is known to be one some time after it began.
    eventHistory: [...journal.events].sort((a, b) => (fromRwsTime(a.time) ?? 0) - (fromRwsTime(b.time) ?? 0)),
    mediaFiles: [
      {
        mediaId: segment.mediaId,
        startTime: mediaStart,
        stopTime,
        duration: String(media.durationMs ?? elapsed(mediaStart, stopTime)),
        size: String(media.size),
        type: containerType(media.mimeType),
        sha256: media.sha256,
        parameters: {
          ...parameters,
          ...optional,
          contact: { userName: agent.userName },
          ...omitUndefined({ callUuid, place: agent.place }),
          displays: segment.start.displays,
          clientVersion,
        },
      },
    ],
  };
}

function containerType(mimeType: string): string {
  return mimeType.split(';')[0]?.trim() ?? mimeType;
}

function elapsed(startTime: string, stopTime: string): number {
  return Math.max(0, (fromRwsTime(stopTime) ?? 0) - (fromRwsTime(startTime) ?? 0));
}
