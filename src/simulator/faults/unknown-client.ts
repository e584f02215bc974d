import express, { type Request, type Response } from 'express';
import type { Notifications } from '../rws/notifications';
import type { FaultAction } from './fault';
import { omitUndefined } from '../../shared/omit-undefined';

interface BayeuxMessage {
  readonly id?: string;
  readonly channel?: string;
  readonly clientId?: string;
}

const readJson = express.json({ type: () => true });

/** Answers every message of a Bayeux request as a server does that has forgotten the client, and does forget it. */
export function answerUnknownClient(
  { request, response }: { readonly request: Request; readonly response: Response },
  { error, reconnect, interval }: Extract<FaultAction, { type: 'unknownClient' }>,
  notifications: Notifications,
): void {
  readJson(request, response, (failure?: unknown) => {
    if (failure !== undefined || !Array.isArray(request.body)) {
      response.status(400).end();
      return;
    }
    const advice = reconnect === null ? {} : { advice: { reconnect, ...omitUndefined({ interval }) } };
    const messages = request.body as readonly BayeuxMessage[];
    for (const { clientId } of messages) if (clientId !== undefined) notifications.forget(clientId);
    response.json(messages.map(({ id, channel }) => ({ id, channel, successful: false, error, ...advice })));
  });
}
