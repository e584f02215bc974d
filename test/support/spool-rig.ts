import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spoolSchema, type SpoolConfiguration } from '../../src/config/schema';
import { SystemClock } from '../../src/lib/clock';
import { silentLogger } from '../../src/lib/logger';
import type { RecordingStart, SegmentStart } from '../../src/shared/recording';
import { FakeProblems } from '../fakes/fake-problems';
import { createSpool, type Spool, type SpoolDeps } from '../../src/spool/create-spool';
import type { SpoolJob, SpoolKeyVault } from '../../src/spool/ports';

/** A real spool in a folder of its own. */
export interface SpoolRig {
  readonly directory: string;
  readonly spool: Spool;
  readonly jobs: SpoolJob[];
  readonly problems: FakeProblems['raised'];
  /** A second process on the same folder: the first is forgotten as a kill would. */
  again(): Promise<SpoolRig>;
  dispose(): Promise<void>;
}

export interface SpoolRigOptions {
  readonly config?: Partial<SpoolConfiguration>;
  readonly vault?: SpoolKeyVault;
  readonly directory?: string;
  readonly deps?: Partial<SpoolDeps>;
  readonly onDamaged?: () => void;
}

export function fixedVault(key: Uint8Array = randomBytes(32)): SpoolKeyVault {
  return vaultOf(() => Promise.resolve(key));
}

/** A vault whose one key may be away. */
export function vaultOf(key: () => Promise<Uint8Array>): SpoolKeyVault {
  return { key, allKeys: async () => [await key()], isFallback: false };
}

export async function createSpoolRig(options: SpoolRigOptions = {}): Promise<SpoolRig> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'srs-spool-')));
  const vault = options.vault ?? fixedVault();
  const jobs: SpoolJob[] = [];
  const problems = new FakeProblems();
  const spool = createSpool({
    directory,
    config: { ...spoolSchema.parse({ minFreeMegabytes: 0 }), ...options.config },
    vault,
    clock: new SystemClock(),
    log: silentLogger,
    problems,
    clientVersion: '8.5.100.00',
    newId: randomUUID,
    claimDirectory: () => Promise.resolve(),
    ...options.deps,
  });
  spool.onJob((job) => jobs.push(job));
  spool.onDamaged(() => options.onDamaged?.());
  await spool.start();
  return {
    directory,
    spool,
    jobs,
    problems: problems.raised,
    again: () => createSpoolRig({ ...options, directory, vault }),
    dispose: async () => {
      await spool.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export const exampleStart: RecordingStart = {
  recordingId: 'rec/1 ../é',
  callUuid: 'CALL-1',
  region: 'emea',
  parameters: { queue: 'sales' },
  encoding: { framesPerSecond: 5, videoBitsPerSecond: 400_000 },
  agent: { userName: 'agent1', place: 'place1', contactCenterId: 'cc-1' },
  startTime: '2026-01-05T08:00:00.000+0000',
};

export const exampleSegment: SegmentStart = {
  mimeType: 'video/x-matroska;codecs=avc1',
  startTime: '2026-01-05T08:00:00.000+0000',
  displays: [{ x: 0, y: 0, width: 320, height: 240 }],
};

/** Records `slices` as one recording of one segment; resolves when its job is there. */
export async function record(rig: SpoolRig, slices: readonly Uint8Array[], segment: SegmentStart = exampleSegment): Promise<void> {
  const writer = await rig.spool.recordings.begin(exampleStart);
  const segmentWriter = await writer.beginSegment(segment);
  for (const slice of slices) await segmentWriter.append(slice);
  await segmentWriter.finish('2026-01-05T08:00:10.000+0000');
  await writer.close('2026-01-05T08:00:10.000+0000');
}

/** Every file below a folder with its bytes. */
export async function filesBelow(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = new Map<string, Buffer>();
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path.slice(folder.length + 1), await readFile(path));
  }
  return files;
}

/** All clear bytes of a job's media from `offset` on. */
export async function mediaOf(rig: SpoolRig, job: SpoolJob, offset = 0): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of rig.spool.jobs.openMedia(job, offset) as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}
