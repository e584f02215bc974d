import * as z from 'zod';

/** Requests by what they are for; `handshake`, `connect` and `subscribe` are told apart by the Bayeux body. */
export const FAULT_TARGETS = [
  'any',
  'me',
  'version',
  'notifications',
  'handshake',
  'connect',
  'subscribe',
  'report',
  'upload',
  'resumable',
] as const;
export type FaultTarget = (typeof FAULT_TARGETS)[number];

const bytes = z.int().min(0);

/** What goes wrong. */
export const faultActionSchema = z.discriminatedUnion('type', [
  /** An answer instead of the real one: a JSON envelope, or `body` as it is. */
  z.strictObject({
    type: z.literal('answer'),
    status: z.int().min(200).max(599),
    statusCode: z.int().optional(),
    statusMessage: z.string().optional(),
    body: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  /** A proxy's HTML page instead of JSON. */
  z.strictObject({ type: z.literal('html'), status: z.int().min(200).max(599).default(200) }),
  /** No answer, and the socket stays open. */
  z.strictObject({ type: z.literal('hang') }),
  /** The real answer, but `ms` later. */
  z.strictObject({ type: z.literal('delay'), ms: z.int().min(0).max(600_000) }),
  /** The socket is cut when this many bytes of the request's body have come; negative counts from its end: -1 = all but the last byte. */
  z.strictObject({ type: z.literal('cutRequest'), atByte: z.int() }),
  /** From this byte of the request's body on the server reads no more, and answers nothing; the socket stays open. */
  z.strictObject({ type: z.literal('stallRequest'), atByte: z.int() }),
  /** The request is carried out; of its answer's body only so many bytes get out, then the socket is cut. 0 = nothing at all, not even the head. */
  z.strictObject({ type: z.literal('cutAnswer'), atByte: bytes }),
  /** As `cutAnswer`, but the socket stays open and silent. */
  z.strictObject({ type: z.literal('stallAnswer'), atByte: bytes }),
  /** The real answer in pieces of so many bytes, each its own packet, `pauseMs` apart: splits UTF-8 characters. */
  z.strictObject({ type: z.literal('splitAnswer'), bytes: z.int().min(1).default(1), pauseMs: z.int().min(0).max(60_000).default(0) }),
  /** Bayeux: the session is unknown; it is forgotten for real. */
  z.strictObject({
    type: z.literal('unknownClient'),
    error: z.string().default('402::Unknown client'),
    /** `null`: no advice at all. */
    reconnect: z.enum(['handshake', 'retry', 'none']).nullable().default('handshake'),
    interval: bytes.optional(),
  }),
  /** The real answer sets one more cookie, which has to come back from then on. */
  z.strictObject({ type: z.literal('demandCookie'), name: z.string().default('DEMANDED'), value: z.string().optional() }),
  /** The upload is carried out, but the answer says something else about it. */
  z.strictObject({ type: z.literal('misreport'), sha256: z.string().optional(), size: z.string().optional() }),
]);
export type FaultAction = z.output<typeof faultActionSchema>;

export const faultSchema = z.strictObject({
  target: z.enum(FAULT_TARGETS).default('any'),
  /** Instead of, or as well as, `target`: the request's path begins with this. */
  path: z.string().optional(),
  method: z.string().optional(),
  userName: z.string().optional(),
  dataCentre: z.enum(['primary', 'peer']).optional(),
  /** Lets this many matching requests pass first. */
  after: z.int().min(0).default(0),
  /** Strikes so often, then is gone; without it, until removed. */
  times: z.int().min(1).optional(),
  /** Of those that match, which part is struck. */
  probability: z.number().min(0).max(1).default(1),
  action: faultActionSchema,
});
/** As it is asked for. */
export type FaultRequest = z.input<typeof faultSchema>;

export interface Fault extends z.output<typeof faultSchema> {
  readonly id: string;
  /** How often it has struck. */
  readonly struck: number;
}
