import type { RequestHandler } from 'express';
import type { ScreenRecordingService } from '../../service/ports';
import { RWS_STATUS } from '../../shared/rws-error';
import { type CallerDeps, requireOwnSession } from '../caller';
import type { DoneAnswer } from '../schemas';

export interface PingDeps extends CallerDeps {
  readonly service: Pick<ScreenRecordingService, 'current' | 'poll'>;
}

/** `GET /ping` (Client Polling API): restarts the polling timer. A refused ping restarts nothing. */
export function createPing(deps: PingDeps): RequestHandler {
  return (request, response) => {
    const session = requireOwnSession(request, deps);
    deps.service.poll(session.sessionId);
    response.status(200).json({ statusCode: RWS_STATUS.ok } satisfies DoneAnswer);
  };
}
