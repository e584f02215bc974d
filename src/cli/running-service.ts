import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { request as requestSecurely } from 'node:https';
import { json } from 'node:stream/consumers';
import { dataPaths } from '../config/data-paths';
import type { Configuration } from '../config/schema';
import { readEndpointsFile } from '../host/endpoints-file';
import { AppError, describeError } from '../shared/errors';
import type { Snapshot } from '../shared/snapshot';
import { omitUndefined } from '../shared/omit-undefined';

const TIMEOUT_MS = 5_000;
const HTTP_OK = 200;
const HTTP_NOT_FOUND = 404;

/** Asks the service that runs on this configuration for its snapshot (`GET /status`). Throws `AppError` `notRunning`. */
export async function fetchSnapshot(config: Configuration): Promise<Snapshot> {
  try {
    const { status, data } = await ask<Snapshot & { readonly statusMessage?: string }>(config, { method: 'GET', path: '/status' });
    if (status !== HTTP_OK) throw new Error(`It answered ${status}: ${data.statusMessage ?? 'no word why'}`);
    return data;
  } catch (cause) {
    throw notRunning(config, describeError(cause), cause);
  }
}

/**
 * Has the service that holds this data directory try a recording again, or all (`POST /uploads/retry`).
 * @returns how many. Throws `AppError` `upload` when it knows no such recording, `alreadyRunning` when it does not answer
 */
export async function askForRetry(config: Configuration, mediaId: string | undefined): Promise<number> {
  const body = omitUndefined({ mediaId });
  const answer = await ask<{ readonly retried?: number; readonly statusMessage?: string }>(config, {
    method: 'POST',
    path: '/uploads/retry',
    body,
  }).catch((error: unknown) => {
    throw noAnswer(config, describeError(error));
  });
  const { status, data } = answer;
  if (status === HTTP_OK && typeof data.retried === 'number') return data.retried;
  if (status === HTTP_NOT_FOUND) throw new AppError('upload', `${data.statusMessage ?? ''} "srs recordings list" shows them.`);
  throw noAnswer(config, `HTTP ${status} ${data.statusMessage ?? ''}`.trim());
}

interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

interface Answer<T> {
  readonly status: number;
  readonly data: T;
}

/** Throws when there is nobody to ask, or no answer. */
async function ask<T>(config: Configuration, question: Question): Promise<Answer<T>> {
  const running = await readEndpointsFile(config.dataDirectory);
  const endpoint = running?.endpoints.find((address) => address.startsWith('http:')) ?? running?.endpoints[0];
  const token = await readFile(dataPaths(config.dataDirectory).statusToken, 'utf8').catch(() => undefined);
  if (running !== undefined && endpoint === undefined) {
    throw new Error(`Process ${running.pid} has it, but does not listen yet; its log and its tray say why.`);
  }
  if (endpoint === undefined || token === undefined) throw new Error('Start it with "srs run".');
  // The service's own authority is trusted, or what the system trusts when the organisation brought a certificate.
  const ca = await readFile(dataPaths(config.dataDirectory).certificateAuthority).catch(() => undefined);
  return exchange<T>(new URL(question.path, endpoint), { question, token: token.trim(), ...omitUndefined({ ca }) }).catch(
    (cause: unknown) => {
      throw new Error(`Nobody answers at ${endpoint}: ${describeError(cause)}. Start it with "srs run".`, { cause });
    },
  );
}

/** On the modules of Node alone: a library takes longer to load than the answer takes. */
function exchange<T>(
  url: URL,
  { question: { method, body }, token, ca }: { readonly question: Question; readonly token: string; readonly ca?: Buffer },
): Promise<Answer<T>> {
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    Accept: 'application/json',
    Authorization: `Bearer ${token}`,
    ...(bytes === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': bytes.length }),
  };
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS), ...omitUndefined({ ca }) };
    const asked = url.protocol === 'https:' ? requestSecurely(url, options) : request(url, options);
    asked.once('response', (response) => {
      const other = (): void => reject(new Error('what answers there is not this service'));
      json(response).then((data) => (isObject(data) ? resolve({ status: response.statusCode ?? 0, data: data as T }) : other()), other);
    });
    asked.once('error', reject);
    asked.end(bytes);
  });
}

function isObject(data: unknown): boolean {
  return typeof data === 'object' && data !== null;
}

function notRunning({ dataDirectory }: Configuration, reason: string, cause: unknown): AppError {
  const asRoot = process.getuid?.() === 0 ? ' The service runs as the agent, and answers the agent: "sudo -u AGENT srs status".' : '';
  return new AppError('notRunning', `No Screen Recording Service answers for the data directory ${dataDirectory}. ${reason}${asRoot}`, {
    cause,
  });
}

function noAnswer(config: Configuration, reason: string): AppError {
  return new AppError(
    'alreadyRunning',
    `A Screen Recording Service uses the data directory ${config.dataDirectory}, but did not do what was asked (${reason}). ` +
      'Nothing was changed. If it is just starting, wait a moment; else end it, then try again.',
  );
}
