import * as z from 'zod';
import { readJsonFile, writeJsonFile } from '../../lib/json-file';

const attemptSchema = z.object({ version: z.string(), at: z.iso.datetime() });

export type InstallAttempt = z.output<typeof attemptSchema>;

/** The last installation that was begun. It outlives the process, which ends for every one. */
export interface InstallAttempts {
  last(): Promise<InstallAttempt | undefined>;
  note(attempt: InstallAttempt): Promise<void>;
}

export class InstallAttemptFile implements InstallAttempts {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async last(): Promise<InstallAttempt | undefined> {
    return readJsonFile(this.#file, attemptSchema).catch(() => undefined); // a spoilt file says nothing
  }

  async note(attempt: InstallAttempt): Promise<void> {
    await writeJsonFile(this.#file, attempt);
  }
}
