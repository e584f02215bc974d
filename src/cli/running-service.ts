import { readFile } from 'node:fs/promises';
import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios';
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

/** Throws when there is nobody to ask, or no answer. */
async function ask<T>(config: Configuration, { method, path, body }: Question): Promise<AxiosResponse<T>> {
  const running = await readEndpointsFile(config.dataDirectory);
  const endpoint = running?.endpoints.find((address) => address.startsWith('http:')) ?? running?.endpoints[0];
  const token = await readFile(dataPaths(config.dataDirectory).statusToken, 'utf8').catch(() => undefined);
  if (running !== undefined && endpoint === undefined) {
    throw new Error(`Process ${running.pid} has it, but does not listen yet; its log and its tray say why.`);
  }
  if (endpoint === undefined || token === undefined) throw new Error('Start it with "srs run".');
  const request = {
    method,
    url: `${endpoint}${path}`,
    headers: { Authorization: `Bearer ${token.trim()}` },
    timeout: TIMEOUT_MS,
    proxy: false,
    maxRedirects: 0,
    validateStatus: () => true,
    ...omitUndefined({ data: body }),
    ...(endpoint.startsWith('https:') ? { httpsAgent: await loopbackAgent(config) } : {}),
  } satisfies AxiosRequestConfig;
  return axios.request<T>(request).catch((cause: unknown) => {
    throw new Error(`Nobody answers at ${endpoint}: ${describeError(cause)}. Start it with "srs run".`, { cause });
  });
}

/** Trusts the service's own certificate authority, or what the system trusts when the organisation brought a certificate. */
async function loopbackAgent(config: Configuration): Promise<import('node:https').Agent> {
  const { Agent } = await import('node:https');
  const ca = await readFile(dataPaths(config.dataDirectory).certificateAuthority).catch(() => undefined);
  return new Agent(omitUndefined({ ca }));
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
