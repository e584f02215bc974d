import type { Request, Response } from 'express';
import * as z from 'zod';
import { FAILURE_CODE_NAMES } from '../../shared/failure-codes';
import { RWS_STATUS } from '../../shared/rws-error';
import type { Activity } from '../activity';
import { fail, succeed } from '../http/envelope';
import { isValidId } from '../media-store';
import type { DataCentreName, StrictModes } from '../options';
import { agentOf } from './authentication';

const reportSchema = z.object({
  operationName: z.literal('ReportScreenRecordingState'),
  state: z.enum(['Recording', 'Paused', 'Recorded', 'Uploaded', 'Failed', 'Busy']),
  reason: z.string().optional(),
  code: z.enum(FAILURE_CODE_NAMES).optional(),
  clientVersion: z.string().optional(),
  startTime: z.string().optional(),
  stopTime: z.string().optional(),
});

export interface ReportDeps {
  readonly activity: Activity;
  readonly dataCentre: DataCentreName;
  readonly strict: () => StrictModes;
}

/** Takes a state report (rws.md, *State reports*). */
export function receiveReport({ activity, dataCentre, strict }: ReportDeps) {
  return (request: Request<{ recordingId: string }>, response: Response): void => {
    if (!strict().reports) {
      fail(response, 404, RWS_STATUS.notFound, 'Not found');
      return;
    }
    const report = reportSchema.safeParse(request.body);
    if (!report.success || !isValidId(request.params.recordingId)) {
      fail(response, 400, RWS_STATUS.parameterInvalid, 'Not a state report');
      return;
    }
    const { operationName: _operationName, state, ...optional } = report.data;
    const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
    activity.addReport({
      time: new Date().toISOString(),
      dataCentre,
      userName: agentOf(response).userName,
      recordingId: request.params.recordingId,
      state,
      ...given,
    });
    succeed(response);
  };
}
