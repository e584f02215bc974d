import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from '../../lib/logger';
import type { Accounts } from '../accounts';
import type { Activity } from '../activity';
import type { FaultBoard } from '../faults/fault-board';
import type { MediaStore } from '../media-store';
import type { DataCentreName, StrictModes, UploadManners } from '../options';
import { RWS_STATUS } from '../../shared/rws-error';
import { fail, succeed } from '../http/envelope';
import { injectFaults } from '../faults/inject-faults';
import { authenticate } from './authentication';
import type { ContactCenterSessions } from './contact-center-sessions';
import type { HttpSessions } from './http-sessions';
import type { Notifications } from './notifications';
import { operateMe, showMe } from './me-routes';
import { noteOperation, noteRequest } from './note-request';
import { receiveReport } from './report-route';
import type { ResumableUploads } from './resumable-uploads';
import { showMedia } from './media-route';
import { receiveUpload } from './upload-route';

const ME = '/api/v2/me';
const NOTIFICATIONS = ['/api/v2/notifications', '/api/v2/notifications/:meta'];
const UPLOADS = '/internal-api/contact-centers/:contactCenterId/screen-recordings';

export interface RwsAppDeps {
  /** Whose sessions the application opens and ends. */
  readonly dataCentre: {
    readonly name: DataCentreName;
    readonly httpSessions: HttpSessions;
    readonly contactCenterSessions: ContactCenterSessions;
    readonly notifications: Notifications;
  };
  readonly resumable: ResumableUploads | undefined;
  readonly accounts: Accounts;
  readonly activity: Activity;
  readonly store: MediaStore;
  readonly faults: FaultBoard;
  readonly strict: () => StrictModes;
  readonly manners: UploadManners;
  readonly log: Logger;
}

/**
 * The RWS application: rws.md as a server. Faults come first and must stay synchronous from the request's first byte on
 * (see `inject-faults.ts`).
 */
export function createRwsApp(deps: RwsAppDeps): Express {
  const { dataCentre, accounts, activity, store, strict, faults } = deps;
  const { httpSessions, contactCenterSessions, notifications } = dataCentre;
  const uploadDeps = { store, activity, strict, manners: deps.manners, dataCentre: dataCentre.name };
  const app = express();
  app.disable('x-powered-by');
  app.use(noteRequest({ activity, accounts, dataCentre: dataCentre.name }));
  app.use(injectFaults({ faults, accounts, dataCentre: dataCentre.name, notifications }));
  app.get('/api/v2/diagnostics/version', (_request, response) => succeed(response, { version: '8.5.201.95' }));
  app.use(authenticate({ accounts, sessions: httpSessions, strict, mePath: ME }));
  app.get(ME, showMe);
  app.post(ME, json(), noteOperation, operateMe(contactCenterSessions, httpSessions));
  app.post(`${ME}/screen-recordings/:recordingId`, json(), noteOperation, receiveReport(uploadDeps));
  app.post(NOTIFICATIONS, json(), (request, response) => notifications.handle(request, response));
  if (deps.resumable !== undefined) app.all([`${UPLOADS}/uploads`, `${UPLOADS}/uploads/:uploadId`], deps.resumable.handler);
  app.post(`${UPLOADS}/:recordingId/content/:mediaId`, receiveUpload(uploadDeps));
  app.get(`${UPLOADS}/:recordingId/content/:fileName`, showMedia(uploadDeps));
  app.use(answerNotFound);
  app.use(answerFault(deps.log));
  return app;
}

function json(): RequestHandler {
  return express.json({ type: () => true, limit: '1mb', strict: true });
}

const answerNotFound: RequestHandler = (_request, response) => fail(response, 404, RWS_STATUS.notFound, 'Not found');

function answerFault(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = (error as { status?: unknown }).status;
    if (typeof status === 'number' && status < 500) {
      fail(response, status, RWS_STATUS.parameterInvalid, 'The request could not be read');
      return;
    }
    log.error('request failed', { error });
    fail(response, 500, RWS_STATUS.internalError, 'Internal error');
  };
}
