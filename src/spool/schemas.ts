import { FAILURE_CODE_NAMES } from '../shared/failure-codes';
import * as z from 'zod';
import { checked } from './checksum';

/** What the spool's JSON files hold, checked whenever they are read: they outlive versions, and people edit them. */
const time = z.string().min(1);
const displayShape = { x: z.number(), y: z.number(), width: z.number(), height: z.number() };
const display = z.strictObject(displayShape);
const parameters = z.record(z.string(), z.unknown());

const recordingEventShape = {
  time,
  event: z.enum(['paused', 'resumed', 'gap', 'displaysChanged', 'masked', 'unmasked']),
  reason: z.string().exactOptional(),
};
const recordingEvent = z.strictObject(recordingEventShape);

const server = z.url({ protocol: /^https?$/ });
/** The pair that commanded the recording: nothing of it goes elsewhere. */
const servers = z.strictObject({ primary: server, peer: server.exactOptional() });

const recordingStart = z.strictObject({
  recordingId: z.string().min(1),
  callUuid: z.string().exactOptional(),
  region: z.string().exactOptional(),
  parameters: parameters.exactOptional(),
  encoding: z.strictObject({ framesPerSecond: z.number(), videoBitsPerSecond: z.number() }),
  agent: z.strictObject({
    userName: z.string().min(1),
    servers: servers.exactOptional(),
    place: z.string().exactOptional(),
    contactCenterId: z.string().exactOptional(),
  }),
  startTime: time,
});

const segment = z.strictObject({
  mediaId: z.string().min(1),
  start: z.strictObject({ mimeType: z.string().min(1), startTime: time, displays: z.array(display) }),
  stopTime: time.exactOptional(),
  /** How many slices it was closed with. */
  slices: z.int().min(0).exactOptional(),
  /** Its slices are kept in `damaged/` when it is done with. */
  isDamaged: z.boolean().exactOptional(),
});

/** `journal.json` of a recording in progress, without its checksum. */
const journal = z.strictObject({
  version: z.literal(1),
  start: recordingStart,
  wrappedKey: z.string().nullable(),
  segments: z.array(segment),
  /** Media ids of segments that are done with: their slices may go, should they still be there. */
  done: z.array(z.string()).exactOptional(),
  /** A segment of it became a job: what comes of the recording is told with that. */
  hasJob: z.boolean().exactOptional(),
  events: z.array(recordingEvent),
  stopTime: time.exactOptional(),
});
export type Journal = z.output<typeof journal>;
export const journalSchema = checked(journal);
export type JournalSegment = Journal['segments'][number];

const mediaFile = z.looseObject({
  mediaId: z.string().min(1),
  startTime: time,
  stopTime: time,
  duration: z.string(),
  size: z.string(),
  type: z.string().min(1),
  sha256: z.string(),
  parameters: z.looseObject({
    region: z.string().exactOptional(),
    contact: z.looseObject({ userName: z.string() }),
    callUuid: z.string().exactOptional(),
    place: z.string().exactOptional(),
    displays: z.array(z.looseObject(displayShape)),
    clientVersion: z.string(),
  }),
});

/** `<mediaId>.json`: a `SpoolJob`. What a newer version added is passed over: going back to an older one must not cost its recordings. */
const job = z.object({
  mediaId: z.string().min(1),
  recordingId: z.string().min(1),
  userName: z.string().min(1),
  servers: servers.exactOptional(),
  contactCenterId: z.string().exactOptional(),
  createdAt: z.number(),
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mimeType: z.string().min(1),
  metadata: z.looseObject({
    id: z.string().min(1),
    startTime: time,
    stopTime: time,
    region: z.string().exactOptional(),
    eventHistory: z.array(z.looseObject(recordingEventShape)),
    mediaFiles: z.tuple([mediaFile]),
  }),
  attempts: z.int().min(0),
  notBefore: z.number().exactOptional(),
  retriedAt: z.number().exactOptional(),
  // A code of a later version keeps nobody from reading the rest.
  quarantine: z
    .strictObject({ reason: z.string(), code: z.enum(FAILURE_CODE_NAMES).catch('uploadRefused').exactOptional(), since: z.number() })
    .exactOptional(),
  ownAgentOnly: z.boolean().exactOptional(),
  mismatched: z.boolean().exactOptional(),
  tusUrl: z.string().exactOptional(),
});
export const jobSchema = checked(job);
