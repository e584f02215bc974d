import * as z from 'zod';
import { dataPaths } from '../config/data-paths';
import { readJsonFile } from '../lib/json-file';
import { PublishedFile } from '../lib/published-file';

const endpointsSchema = z.object({ endpoints: z.array(z.url()), pid: z.int() });

/** Where the running service listens and which process it is: for the command line, which may not know a port that was given as 0. */
export type RunningEndpoints = z.output<typeof endpointsSchema>;

export class EndpointsFile {
  readonly #file: PublishedFile;

  constructor(dataDirectory: string) {
    this.#file = new PublishedFile(dataPaths(dataDirectory).endpoints);
  }

  async write(endpoints: readonly string[]): Promise<void> {
    await this.#file.write(`${JSON.stringify({ endpoints, pid: process.pid }, null, 2)}\n`);
  }

  async remove(): Promise<void> {
    await this.#file.withdraw();
  }
}

/** `undefined` when no service runs on this data directory, as far as the file knows. */
export async function readEndpointsFile(dataDirectory: string): Promise<RunningEndpoints | undefined> {
  return readJsonFile(dataPaths(dataDirectory).endpoints, endpointsSchema).catch(() => undefined);
}
