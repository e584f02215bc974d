import type { RequestHandler } from 'express';
import type { Accounts } from '../accounts';
import type { Activity, ReceivedRequest } from '../activity';
import type { DataCentreName } from '../options';
import { omitUndefined } from '../../shared/omit-undefined';

export interface NoteRequestDeps {
  readonly activity: Activity;
  readonly accounts: Accounts;
  readonly dataCentre: DataCentreName;
}

/** Writes every request into the activity, with its status once answered. */
export function noteRequest({ activity, accounts, dataCentre }: NoteRequestDeps): RequestHandler {
  return (request, response, next) => {
    const userName = accounts.claimedUserName(request.headers.authorization);
    const at = Date.now();
    const noted: ReceivedRequest = {
      at,
      time: new Date(at).toISOString(),
      dataCentre,
      method: request.method,
      path: request.path,
      ...omitUndefined({ userName }),
    };
    response.locals['noted'] = noted;
    response.once('finish', () => {
      noted.status = response.statusCode;
    });
    activity.addRequest(noted);
    next();
  };
}

/** Adds which operation a JSON body asked for. */
export const noteOperation: RequestHandler = (request, response, next) => {
  const operation = (request.body as { operationName?: unknown } | undefined)?.operationName;
  const noted = response.locals['noted'] as ReceivedRequest | undefined;
  if (noted !== undefined && typeof operation === 'string') noted.operation = operation;
  next();
};
