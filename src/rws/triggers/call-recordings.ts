import * as z from 'zod';
import type { RecordingCommand } from '../../shared/recording';
import { wellFormed } from '../../shared/well-formed';
import { CALL_MESSAGE_TYPE, CALL_RECORDING_STATE, CALL_RELEASED } from '../protocol';
import { omitUndefined } from '../../shared/omit-undefined';

const text = z
  .union([z.string().min(1).transform(wellFormed), z.number().transform(String)])
  .nullish()
  .catch(undefined);
/** Everything else of a call (participants, metrics, numbers) differs between generations and is not looked at. */
const messageSchema = z.object({
  messageType: z.literal(CALL_MESSAGE_TYPE),
  call: z.object({ id: text, callUuid: text, state: text, recordingState: text }),
});

interface TrackedCall {
  readonly recordingId: string;
  readonly isPaused: boolean;
}

/**
 * Trigger `callRecording`: a voice recording starts the screen recording (rws.md, *Recording triggers*). Remembers the calls that are
 * being recorded, over re-handshakes and failovers, so that each change gives one command.
 */
export class CallRecordings {
  readonly #calls = new Map<string, TrackedCall>();

  /** The command a message amounts to; `undefined` for none. */
  next(data: unknown): RecordingCommand | undefined {
    const parsed = messageSchema.safeParse(data);
    if (!parsed.success) return undefined;
    const { callUuid, id, state, recordingState } = parsed.data.call;
    const recordingId = callUuid ?? id;
    if (recordingId == null) return undefined;
    const key = recordingId.toLowerCase();
    const isOver = recordingState?.toLowerCase() === CALL_RECORDING_STATE.stopped || state?.toLowerCase() === CALL_RELEASED;
    if (isOver) return this.#stop(key);
    switch (recordingState?.toLowerCase()) {
      case CALL_RECORDING_STATE.recording:
        return this.#record(key, recordingId, callUuid ?? undefined);
      case CALL_RECORDING_STATE.paused:
        return this.#pause(key);
      default:
        return undefined;
    }
  }

  #record(key: string, recordingId: string, callUuid: string | undefined): RecordingCommand | undefined {
    const known = this.#calls.get(key);
    this.#calls.set(key, { recordingId: known?.recordingId ?? recordingId, isPaused: false });
    if (known === undefined) return { type: 'start', recording: { id: recordingId, ...omitUndefined({ callUuid }) } };
    return known.isPaused ? { type: 'resume', recordingId: known.recordingId } : undefined;
  }

  #pause(key: string): RecordingCommand | undefined {
    const known = this.#calls.get(key);
    if (known === undefined || known.isPaused) return undefined;
    this.#calls.set(key, { ...known, isPaused: true });
    return { type: 'pause', recordingId: known.recordingId };
  }

  #stop(key: string): RecordingCommand | undefined {
    const known = this.#calls.get(key);
    this.#calls.delete(key);
    return known === undefined ? undefined : { type: 'stop', recordingId: known.recordingId };
  }
}
