import type { RequestHandler } from 'express';
import type { ScreenRecordingService } from '../../service/ports';
import { RWS_STATUS } from '../../shared/rws-error';
import { givenCredentials } from '../login/caller';
import type { CredentialsCheck } from '../login/credentials-check';
import type { DoneAnswer } from '../schemas';

export interface PingDeps {
  readonly service: Pick<ScreenRecordingService, 'poll'>;
  readonly check: CredentialsCheck;
}

/** `GET /ping` (Client Polling API): restarts the polling timer. A refused ping restarts nothing. */
export function createPing({ service, check }: PingDeps): RequestHandler {
  return (request, response) => {
    const session = check.requireForPoll(givenCredentials(request));
    service.poll(session.sessionId);
    response.status(200).json({ statusCode: RWS_STATUS.ok } satisfies DoneAnswer);
  };
}
