import { createWriteStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { arch, platform, release } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { dataPaths } from '../config/data-paths';
import type { Configuration } from '../config/schema';
import { removeFile, replaceFile } from '../lib/held-files';
import { packageVersion } from '../lib/package-version';
import { redactFields, redactText } from '../lib/redact';
import type { DisplayGeometry } from '../shared/display';
import { describeError } from '../shared/errors';
import type { Snapshot } from '../shared/snapshot';
import { toServiceVersion } from '../shared/version';
import type { StepResult } from './step';

/**
 * One zip for whoever has to help. THREAT MODEL: it is sent by mail and kept in ticket systems. So it is made of a list of named parts, never of
 * whole folders: no spool, no keys, no certificate, no token. Every text goes through the logger's redaction once more, and the status token,
 * which has no shape to know it by, is removed by its value.
 */
export interface SupportBundleParts {
  readonly config: Configuration;
  /** `undefined` when the service does not run. */
  readonly snapshot: Snapshot | undefined;
  readonly doctor: () => Promise<readonly StepResult[]>;
  readonly displays: readonly DisplayGeometry[];
  /** Why `config` is that of the defaults. */
  readonly fault?: string;
}

const LOG_FILE = /^(screen-recording-service(\.\d+)?\.log|crash-(main-)?\d+\.json)$/;

/** Writes the bundle, owner-only. A part that cannot be had is replaced by the reason. */
export async function writeSupportBundle(target: string, { config, snapshot, doctor, displays, fault }: SupportBundleParts): Promise<void> {
  const clean = await createCleaner(config.dataDirectory);
  const zip = new ZipFile();
  const add = (name: string, text: string): void => zip.addBuffer(Buffer.from(clean(text)), name);
  const addJson = (name: string, value: unknown): void => add(name, JSON.stringify(redactFields({ value })['value'], null, 2));

  addJson('versions.json', versions());
  addJson('configuration.json', config);
  if (fault !== undefined) add('configuration-fault.txt', `${fault}\nconfiguration.json holds the defaults.\n`);
  addJson('snapshot.json', snapshot ?? 'The service does not run.');
  addJson('displays.json', displays);
  addJson('doctor.json', await doctor().catch((error: unknown) => `The checks could not be run: ${describeError(error)}`));
  for (const [name, text] of await readLogs(dataPaths(config.dataDirectory).logs)) add(`logs/${name}`, redactLines(text));
  zip.end();

  const temporary = `${target}.part`;
  try {
    await pipeline(zip.outputStream, createWriteStream(temporary, { mode: 0o600 }));
    await replaceFile(temporary, target);
  } catch (error) {
    await removeFile(temporary);
    throw error;
  }
}

/** Such as `screen-recording-service-support-2026-03-02-0930.zip`. */
export function supportBundleName(now: Date): string {
  const stamp = now.toISOString().slice(0, 16).replace('T', '-').replace(':', '');
  return `screen-recording-service-support-${stamp}.zip`;
}

function versions(): Record<string, string | undefined> {
  const { node, electron, chrome } = process.versions;
  return {
    package: packageVersion,
    service: toServiceVersion(packageVersion),
    node,
    electron,
    chrome,
    system: `${platform()} ${release()} ${arch()}`,
    language: Intl.DateTimeFormat().resolvedOptions().locale,
  };
}

async function createCleaner(dataDirectory: string): Promise<(text: string) => string> {
  const token = (await readFile(dataPaths(dataDirectory).statusToken, 'utf8').catch(() => '')).trim(); // none before the first start
  return (text) => (token === '' ? text : text.replaceAll(token, '[redacted]'));
}

async function readLogs(directory: string): Promise<readonly (readonly [string, string])[]> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => LOG_FILE.test(name)); // no log yet
  return Promise.all(
    names.map(
      async (name) => [name, await readFile(join(directory, name), 'utf8').catch((error: unknown) => describeError(error))] as const,
    ),
  );
}

/** Log lines were redacted when they were written; what another version or another writer left was not. */
function redactLines(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      try {
        return JSON.stringify(redactFields(JSON.parse(line) as Record<string, unknown>));
      } catch {
        return redactText(line); // no JSON
      }
    })
    .join('\n');
}
