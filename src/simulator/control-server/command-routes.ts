import { Router, type RequestHandler } from 'express';
import * as z from 'zod';
import type { SimulatorControl } from '../simulator-control';

const encodingSchema = z.strictObject({ framesPerSecond: z.number().optional(), videoBitsPerSecond: z.number().optional() });
const startSchema = z.strictObject({
  userName: z.string(),
  recordingId: z.string().optional(),
  callUuid: z.string().optional(),
  region: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  encoding: encodingSchema.optional(),
});
const referenceSchema = z.strictObject({ userName: z.string(), recordingId: z.string().optional() });
const callStateSchema = z.strictObject({ userName: z.string(), call: z.record(z.string(), z.unknown()) });
const messageSchema = z.strictObject({ userName: z.string(), channel: z.string(), content: z.record(z.string(), z.unknown()) });

/** What RWS tells agents. */
export function commandRoutes(control: SimulatorControl): Router {
  const router = Router();
  router.post('/start', (request, response) => {
    const { userName, ...options } = startSchema.parse(request.body);
    response.json(control.startRecording(userName, withoutUndefined(options)));
  });
  router.post(
    '/stop',
    byReference((userName, id) => control.stopRecording(userName, id)),
  );
  router.post(
    '/pause',
    byReference((userName, id) => control.pauseRecording(userName, id)),
  );
  router.post(
    '/resume',
    byReference((userName, id) => control.resumeRecording(userName, id)),
  );
  router.post('/call-state', (request, response) => {
    const { userName, call } = callStateSchema.parse(request.body);
    control.callState(userName, call);
    response.json({});
  });
  router.post('/message', (request, response) => {
    const { userName, channel, content } = messageSchema.parse(request.body);
    control.deliver(userName, channel, content);
    response.json({});
  });
  return router;
}

function byReference(command: (userName: string, recordingId: string | undefined) => void): RequestHandler {
  return (request, response) => {
    const { userName, recordingId } = referenceSchema.parse(request.body);
    command(userName, recordingId);
    response.json({});
  };
}

function withoutUndefined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
