import type { Request, RequestHandler, Response } from 'express';
import type { Accounts } from '../accounts';
import type { DataCentreName } from '../options';
import type { Notifications } from '../rws/notifications';
import type { FaultAction } from './fault';
import type { FaultBoard } from './fault-board';
import { holdAnswer } from './hold-answer';
import { limitRequest } from './limit-request';
import { breakOff, demandCookie, misreport, sendInPieces } from './spoil-answer';
import { targetsOf } from './targets';
import { answerUnknownClient } from './unknown-client';

export interface InjectFaultsDeps {
  readonly faults: FaultBoard;
  readonly accounts: Accounts;
  readonly dataCentre: DataCentreName;
  readonly notifications: Notifications;
}

interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly next: () => void;
}

const HTML = '<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>Please sign in to the gateway</h1></body></html>';

/**
 * Lets the faults that are set strike the requests they match. Comes before everything that reads a request's body, and in the same
 * turn as the request: limiting a request depends on it.
 */
export function injectFaults(deps: InjectFaultsDeps): RequestHandler {
  return (request, response, next) => {
    const action = deps.faults.strike({
      targets: targetsOf(request),
      path: request.path,
      method: request.method,
      userName: deps.accounts.claimedUserName(request.headers.authorization),
      dataCentre: deps.dataCentre,
    });
    if (action === undefined) next();
    else perform(action, { request, response, next }, deps);
  };
}

function perform(action: FaultAction, { request, response, next }: Exchange, { notifications }: InjectFaultsDeps): void {
  const spoil = (change: (body: Buffer) => void): void => {
    holdAnswer(response, change);
    next();
  };
  switch (action.type) {
    case 'answer':
      return answer(response, action);
    case 'html':
      return void response.status(action.status).type('html').send(HTML);
    case 'hang':
      return void request.resume();
    case 'delay':
      return delay({ request, response, next }, action.ms);
    case 'cutRequest':
    case 'stallRequest':
      limitRequest(request, action.atByte, action.type === 'cutRequest' ? 'cut' : 'stall');
      return next();
    case 'cutAnswer':
    case 'stallAnswer':
      return spoil((body) => breakOff(response, body, action));
    case 'splitAnswer':
      return spoil((body) => void sendInPieces(response, body, action));
    case 'misreport':
      return spoil((body) => misreport(response, body, action));
    case 'demandCookie':
      return spoil((body) => demandCookie(response, body, action));
    case 'unknownClient':
      return answerUnknownClient({ request, response }, action, notifications);
  }
}

function answer(response: Response, action: Extract<FaultAction, { type: 'answer' }>): void {
  response.status(action.status).set(action.headers ?? {});
  if (action.body !== undefined) response.send(action.body);
  else response.json({ statusCode: action.statusCode ?? 4, statusMessage: action.statusMessage ?? 'Fault on demand' });
}

function delay({ response, next }: Exchange, ms: number): void {
  const timer = setTimeout(next, ms);
  response.once('close', () => clearTimeout(timer));
}
