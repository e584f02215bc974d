import * as z from 'zod';
import { FAILURE_CODE_NAMES } from '../shared/failure-codes';
import { PROBLEM_CODES } from '../shared/problem-catalogue';
import type { Snapshot } from '../shared/snapshot';

/** `Snapshot` of src/shared as a schema, for the description of `GET /status`. The compiler keeps the two together: here one way, in its test the other. */
const failureCode = z.enum(FAILURE_CODE_NAMES);
const time = z.iso.datetime().describe('ISO 8601, UTC');
const agent = z.object({
  userName: z.string(),
  firstName: z.string().exactOptional(),
  lastName: z.string().exactOptional(),
  place: z.string().exactOptional(),
  devices: z.array(z.object({ dn: z.string(), switch: z.string() })).readonly(),
});
const lastPoll = time.exactOptional();
const contact = { server: z.string(), which: z.enum(['primary', 'peer']), since: time, lastContact: time, lastPoll };

const session = z.discriminatedUnion('status', [
  z.object({ status: z.literal('signedOut') }),
  z.object({ status: z.literal('signingIn'), userName: z.string() }),
  z.object({ status: z.literal('connected'), agent, ...contact }),
  z.object({ status: z.literal('reconnecting'), agent, since: time, reason: z.string(), lastPoll }),
  z.object({ status: z.literal('expired'), agent, since: time }),
  z.object({ status: z.literal('signingOut'), agent }),
]);

const display = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
const running = {
  recordingId: z.string(),
  userName: z.string(),
  since: time,
  segment: z.int(),
  framesPerSecond: z.number(),
  bytes: z.int(),
  displays: z.array(display).readonly(),
  masked: z.enum(['parts', 'all']).exactOptional().describe('What is covered in the video now; absent: nothing'),
};
const underWay = { recordingId: z.string(), userName: z.string(), since: time };

const recorder = z.discriminatedUnion('status', [
  z.object({ status: z.literal('idle') }),
  z.object({ status: z.literal('starting'), ...underWay }),
  z.object({ status: z.literal('recording'), ...running }),
  z.object({ status: z.literal('paused'), pausedSince: time, ...running }),
  z.object({ status: z.literal('finishing'), ...underWay }),
  z.object({ status: z.literal('failed'), recordingId: z.string(), since: time, reason: z.string(), code: failureCode }),
]);

const job = z.object({
  mediaId: z.string(),
  recordingId: z.string(),
  userName: z.string(),
  size: z.int(),
  createdAt: time,
  state: z.discriminatedUnion('status', [
    z.object({ status: z.literal('ready') }),
    z.object({ status: z.literal('uploading'), sent: z.int(), total: z.int(), estimatedSeconds: z.number().exactOptional() }),
    z.object({ status: z.literal('waiting'), nextTry: time.exactOptional(), reason: z.string() }),
    z.object({ status: z.literal('quarantined'), reason: z.string(), code: failureCode.exactOptional() }),
  ]),
});

const problem = z.object({
  code: z.enum(PROBLEM_CODES),
  since: time,
  text: z.string(),
  remedy: z.string(),
});

const entry = z.object({
  time,
  recordingId: z.string(),
  userName: z.string(),
  event: z.enum(['recorded', 'uploaded', 'failed']),
  reason: z.string().exactOptional(),
  code: failureCode.exactOptional(),
});

export const snapshotSchema = z.object({
  revision: z.int().describe('Rises by one with every change'),
  time,
  version: z.string(),
  packageVersion: z.string(),
  isDemo: z.boolean(),
  endpoints: z.array(z.string()).readonly(),
  session,
  recorder,
  uploads: z.object({ jobs: z.array(job).readonly(), pendingBytes: z.int() }),
  problems: z.array(problem).readonly(),
  history: z.array(entry).readonly(),
}) satisfies z.ZodType<Snapshot>;
