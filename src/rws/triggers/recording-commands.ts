import * as z from 'zod';
import type { MaskRule } from '../../shared/mask-rules';
import type { RecordingCommand, RecordingReference } from '../../shared/recording';
import { wellFormed } from '../../shared/well-formed';
import type { RwsProtocol } from '../protocol';
import { omitUndefined } from '../../shared/omit-undefined';

/** Numbers may be strings, ids may be numbers, anything optional may be null (rws.md, *Recording triggers*). */
const text = z.union([z.string().min(1).transform(wellFormed), z.number().transform(String)]);
const positive = z.coerce.number().positive().optional().catch(undefined);
/** What cannot be read was to cover something nobody knows: it covers every window. */
const UNREADABLE: MaskRule = { application: '*', note: 'A rule of the start command could not be read' };
const pattern = z.string().min(1).max(500).exactOptional();
const maskRule: z.ZodType<MaskRule> = z
  .strictObject({ application: pattern, title: pattern, note: z.string().min(1).max(200).exactOptional() })
  .refine(({ application, title }) => application !== undefined || title !== undefined);
const maskRules = z.array(maskRule.catch(UNREADABLE)).max(200).catch([UNREADABLE]);
const recordingSchema = z.object({
  id: text,
  callUuid: text.nullish().catch(undefined),
  region: text.nullish().catch(undefined),
  parameters: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  encoding: z.object({ framesPerSecond: positive, videoBitsPerSecond: positive }).nullish().catch(undefined),
  masks: maskRules.nullish(),
});
const messageSchema = z.object({ messageType: z.string(), operationName: z.string(), recording: recordingSchema });

/** Trigger `command`: a message of RWS as a command; `undefined` for every other message. */
export function parseRecordingCommand(data: unknown, protocol: RwsProtocol): RecordingCommand | undefined {
  const parsed = messageSchema.safeParse(data);
  if (!parsed.success || parsed.data.messageType !== protocol.messageType) return undefined;
  const { operationName, recording } = parsed.data;
  const { operations } = protocol;
  if (operationName === operations.start) return { type: 'start', recording: toReference(recording) };
  if (operationName === operations.stop) return { type: 'stop', recordingId: recording.id };
  if (operationName === operations.pause) return { type: 'pause', recordingId: recording.id };
  return operationName === operations.resume ? { type: 'resume', recordingId: recording.id } : undefined;
}

function toReference({ id, callUuid, region, parameters, encoding, masks }: z.output<typeof recordingSchema>): RecordingReference {
  const { framesPerSecond, videoBitsPerSecond } = encoding ?? {};
  return {
    id,
    ...omitUndefined({
      callUuid: callUuid ?? undefined,
      region: region ?? undefined,
      parameters: parameters ?? undefined,
      masks: masks ?? undefined,
    }),
    ...(encoding == null
      ? {}
      : {
          encoding: {
            ...omitUndefined({ framesPerSecond, videoBitsPerSecond }),
          },
        }),
  };
}
