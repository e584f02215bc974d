import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, type Response } from 'express';
import * as z from 'zod';
import type { Logger } from '../../lib/logger';
import { isAppError } from '../../shared/errors';
import type { SimulatorControl } from '../simulator-control';
import { commandRoutes } from './command-routes';
import { streamState } from './event-stream';
import { faultRoutes } from './fault-routes';
import { admitOwnPagesOnly } from './local-guard';

export interface ControlAppDeps {
  readonly control: SimulatorControl;
  /** The built control page. */
  readonly pageDirectory: string;
  /** A picture of the agent's screen, as PNG, where there is one to show. */
  readonly screen: (() => Promise<Buffer>) | undefined;
  readonly log: Logger;
}

/** The control endpoint: JSON in, JSON out, the page at `/`. See `src/simulator/README.md` for the routes. */
export function createControlApp({ control, pageDirectory, screen, log }: ControlAppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(admitOwnPagesOnly());
  app.get('/agents', (_request, response) => void response.json(control.agents()));
  app.get('/recordings', (_request, response) => void response.json(control.recordings()));
  app.get('/reports', (_request, response) => void response.json(control.reports()));
  app.get('/requests', (_request, response) => void response.json(control.requests()));
  app.get('/events', streamState(control, screen !== undefined));
  if (screen !== undefined) app.get('/screen.png', sendScreen(screen));
  app.get('/recordings/:mediaId.mp4', sendMedia(control));
  app.use(express.json({ limit: '1mb' }));
  app.use(commandRoutes(control));
  app.use(faultRoutes(control));
  app.use(express.static(pageDirectory));
  app.use((_request, response) => void response.status(404).json({ error: 'There is nothing here.' }));
  app.use(explain(log));
  return app;
}

function sendScreen(screen: () => Promise<Buffer>): RequestHandler {
  return async (_request, response) => {
    const picture = await screen();
    response.set('Cache-Control', 'no-store').type('image/png').send(picture);
  };
}

/** Plays in a browser: `sendFile` answers byte ranges. */
function sendMedia(control: SimulatorControl): RequestHandler<{ mediaId: string }> {
  return (request: Request<{ mediaId: string }>, response: Response, next) => {
    const path = control.mediaPath(request.params.mediaId);
    if (path === undefined) next();
    else response.type('video/mp4').sendFile(path, { dotfiles: 'allow', cacheControl: false });
  };
}

function explain(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) next(error);
    else if (isAppError(error, 'invalidRequest')) response.status(409).json({ error: error.message });
    else if (error instanceof z.ZodError) response.status(400).json({ error: z.prettifyError(error) });
    else if (isClientError(error)) response.status(error.status).json({ error: 'The request could not be read.' });
    else {
      log.error('control request failed', { error });
      response.status(500).json({ error: 'The simulator failed; see its log.' });
    }
  };
}

function isClientError(error: unknown): error is { readonly status: number } {
  const status = (error as { status?: unknown }).status;
  return typeof status === 'number' && status >= 400 && status < 500;
}
