import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import axios from 'axios';
import type { Configuration } from '../config/schema';
import { readEndpointsFile } from '../host/endpoints-file';
import { AppError } from '../shared/errors';
import type { Snapshot } from '../shared/snapshot';

const TIMEOUT_MS = 5_000;

/** Asks the service that runs on this configuration for its snapshot (`GET /status`). Throws `AppError` `notRunning`. */
export async function fetchSnapshot(config: Configuration): Promise<Snapshot> {
  const running = await readEndpointsFile(config.dataDirectory);
  const endpoint = running?.endpoints.find((address) => address.startsWith('http:')) ?? running?.endpoints[0];
  const token = await readFile(join(config.dataDirectory, 'status-token'), 'utf8').catch(() => undefined);
  if (endpoint === undefined || token === undefined) throw notRunning(config);
  try {
    const answer = await axios.get<Snapshot>(`${endpoint}/status`, {
      headers: { Authorization: `Bearer ${token.trim()}` },
      timeout: TIMEOUT_MS,
      proxy: false,
      maxRedirects: 0,
      ...(endpoint.startsWith('https:') ? { httpsAgent: await loopbackAgent(config) } : {}),
    });
    return answer.data;
  } catch (cause) {
    throw notRunning(config, cause);
  }
}

/** Trusts the service's own certificate authority, or what the system trusts when the organisation brought a certificate. */
async function loopbackAgent(config: Configuration): Promise<import('node:https').Agent> {
  const { Agent } = await import('node:https');
  const ca = await readFile(join(config.dataDirectory, 'certificate', 'ca.pem')).catch(() => undefined);
  return new Agent(ca === undefined ? {} : { ca });
}

function notRunning(config: Configuration, cause?: unknown): AppError {
  return new AppError(
    'notRunning',
    `No Screen Recording Service answers for the data directory ${config.dataDirectory}. Start it with "srs run".`,
    {
      cause: cause instanceof Error ? cause.message : undefined,
    },
  );
}
