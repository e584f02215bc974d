import type { Request, RequestHandler, Response } from 'express';
import type { Accounts } from '../accounts';
import type { DataCentreName } from '../options';
import { sessionOf } from '../rws/authentication';
import type { Notifications } from '../rws/notifications';
import { cutRequest } from './cut-request';
import type { FaultAction } from './fault';
import type { FaultBoard } from './fault-board';
import { holdAnswer, sendInPieces } from './hold-answer';
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

/** Lets the faults that are set strike the requests they match. Comes before everything that reads a request's body. */
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

function perform(action: FaultAction, exchange: Exchange, deps: InjectFaultsDeps): void {
  const { request, response, next } = exchange;
  switch (action.type) {
    case 'answer':
      answer(response, action);
      return;
    case 'html':
      response.status(action.status).type('html').send(HTML);
      return;
    case 'hang':
      request.resume();
      return;
    case 'delay':
      delay(exchange, action.ms);
      return;
    case 'cutRequest':
      cutRequest(request, action.atByte);
      next();
      return;
    case 'cutAnswer':
      holdAnswer(response, (body) => cutAnswer(response, body, action.atByte));
      next();
      return;
    case 'splitAnswer':
      holdAnswer(response, (body) => void sendInPieces(response, body, action.bytes));
      next();
      return;
    case 'unknownClient':
      answerUnknownClient(exchange, action, deps.notifications);
      return;
    case 'demandCookie':
      demandCookie(exchange, action);
      return;
    case 'misreport':
      holdAnswer(response, (body) => misreport(response, body, action));
      next();
      return;
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

function cutAnswer(response: Response, body: Buffer, atByte: number): void {
  const cut = (): void => void response.socket?.destroy();
  if (atByte === 0) {
    cut();
    return;
  }
  response.setHeader('Content-Length', body.length);
  response.write(body.subarray(0, atByte), cut);
}

function misreport(response: Response, body: Buffer, { sha256, size }: Extract<FaultAction, { type: 'misreport' }>): void {
  const said = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  const wrong = sha256 === undefined && size === undefined ? { sha256: '0'.repeat(64) } : { sha256, size };
  const changed = Buffer.from(JSON.stringify({ ...said, ...wrong }));
  response.setHeader('Content-Length', changed.length);
  response.end(changed);
}

function demandCookie({ response, next }: Exchange, action: Extract<FaultAction, { type: 'demandCookie' }>): void {
  const value = action.value ?? String(Date.now());
  holdAnswer(response, (body) => {
    sessionOf(response)?.demandCookie(action.name, value);
    response.appendHeader('Set-Cookie', `${action.name}=${value}; Path=/`);
    response.end(body);
  });
  next();
}
