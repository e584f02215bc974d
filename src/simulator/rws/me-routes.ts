import type { Request, Response } from 'express';
import * as z from 'zod';
import { RWS_STATUS } from '../../shared/rws-error';
import { fail, succeed } from '../http/envelope';
import { agentOf, sessionOf } from './authentication';
import type { ContactCenterSessions } from './contact-center-sessions';
import type { HttpSessions } from './http-sessions';

const deviceSchema = z.object({ dn: z.string(), switch: z.string() });
const operationSchema = z.object({
  operationName: z.string(),
  channels: z.array(z.string()).optional(),
  place: z.string().optional(),
  devices: z.array(deviceSchema).optional(),
});

/** `GET me`: who the credentials belong to (rws.md, *Sequence*, 1). */
export function showMe(_request: Request, response: Response): void {
  const { id, userName, firstName, lastName, contactCenterId } = agentOf(response);
  succeed(response, {
    user: { id, userName, firstName, lastName, contactCenterId, enabled: true, changePasswordOnFirstLogin: false, roles: ['ROLE_AGENT'] },
  });
}

/** `POST me`: starts and ends the contact-centre session (rws.md, *Sequence*, 2 and 5). */
export function operateMe(contactCenterSessions: ContactCenterSessions, httpSessions: HttpSessions) {
  return (request: Request, response: Response): void => {
    const operation = operationSchema.safeParse(request.body);
    if (!operation.success) {
      fail(response, 400, RWS_STATUS.parameterMissing, 'operationName is required');
      return;
    }
    const { userName } = agentOf(response);
    const { operationName, ...details } = operation.data;
    if (operationName === 'StartContactCenterSession') contactCenterSessions.start(userName, details);
    else if (operationName === 'EndContactCenterSession') {
      contactCenterSessions.end(userName);
      const session = sessionOf(response);
      if (session !== undefined) httpSessions.end(session);
    } else {
      fail(response, 400, RWS_STATUS.parameterInvalid, 'operationName is unknown');
      return;
    }
    succeed(response);
  };
}
