import { join } from 'node:path';
import { z } from 'zod';
import { removeFile } from '../lib/held-files';
import { readJsonFile, writeJsonFile } from '../lib/json-file';

const endpointsSchema = z.object({ endpoints: z.array(z.url()), pid: z.int() });

/** Where the running service listens and which process it is: for the command line, which may not know a port that was given as 0. */
export type RunningEndpoints = z.output<typeof endpointsSchema>;

export async function writeEndpointsFile(dataDirectory: string, endpoints: readonly string[]): Promise<void> {
  await writeJsonFile(fileIn(dataDirectory), { endpoints, pid: process.pid });
}

/** `undefined` when no service runs on this data directory, as far as the file knows. */
export async function readEndpointsFile(dataDirectory: string): Promise<RunningEndpoints | undefined> {
  return readJsonFile(fileIn(dataDirectory), endpointsSchema).catch(() => undefined);
}

export async function removeEndpointsFile(dataDirectory: string): Promise<void> {
  await removeFile(fileIn(dataDirectory));
}

function fileIn(dataDirectory: string): string {
  return join(dataDirectory, 'endpoints.json');
}
