import { randomUUID } from 'node:crypto';
import { rwsSchema, spoolSchema, uploadSchema } from '../../../src/config/schema';
import { SystemClock } from '../../../src/lib/clock';
import { silentLogger } from '../../../src/lib/logger';
import { Secret } from '../../../src/lib/secret';
import { createRwsGateway } from '../../../src/rws/create-rws-gateway';
import type { ProblemReporter } from '../../../src/shared/problems';
import { createSpool } from '../../../src/spool/create-spool';
import type { UploadLogin, UploadLogins } from '../../../src/upload/ports';
import { UploadQueue } from '../../../src/upload/upload-queue';

interface UploadClient {
  readonly contactCenterId: string | undefined;
  /** @returns seconds */
  upload(bytes: Buffer, maxKilobitsPerSecond: number): Promise<number>;
  close(): Promise<void>;
}

const SLICE_BYTES = 1 << 20;
const TIME = '2026-01-05T08:00:00.000+0000';

/** Spool, queue and login as the service composes them. */
export async function open({ server, directory }: { readonly server: string; readonly directory: string }): Promise<UploadClient> {
  const clock = new SystemClock();
  const log = silentLogger;
  const problems: ProblemReporter = { raise: () => undefined, clear: () => undefined };
  const rws = rwsSchema.parse({});
  const gateway = createRwsGateway({ config: rws, trigger: 'command', clientVersion: '8.5.100.00', clock, random: Math.random, log });
  const login = await gateway.signIn(server, { userName: 'ann', password: new Secret('secret') }, AbortSignal.timeout(10_000));
  const { contactCenterId } = login.user;
  const key = new Uint8Array(32);
  const spool = createSpool({
    directory,
    config: spoolSchema.parse({ minFreeMegabytes: 0 }),
    vault: { key: async () => key, allKeys: async () => [key], isFallback: false },
    clock,
    log,
    problems,
    clientVersion: '8.5.100.00',
    newId: randomUUID,
    claimDirectory: () => Promise.resolve(),
  });
  await spool.start();
  const carrier: UploadLogin = {
    userName: 'ann',
    isOwn: true,
    ...(contactCenterId === undefined ? {} : { contactCenterId }),
    http: login.http,
    hold: () => () => undefined,
    report: () => undefined,
  };
  const logins: UploadLogins = { find: () => carrier, isRetired: () => false, onChange: () => () => undefined };

  const record = async (bytes: Buffer): Promise<void> => {
    const agent = { userName: 'ann', ...(contactCenterId === undefined ? {} : { contactCenterId }) };
    const encoding = { framesPerSecond: 5, videoBitsPerSecond: 400_000 };
    const writer = await spool.recordings.begin({ recordingId: randomUUID(), encoding, agent, startTime: TIME });
    const segment = await writer.beginSegment({ mimeType: 'video/x-bench', startTime: TIME, displays: [] });
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) await segment.append(bytes.subarray(at, at + SLICE_BYTES));
    await segment.finish(TIME);
    await writer.close(TIME);
  };

  return {
    contactCenterId,
    upload: async (bytes, maxKilobitsPerSecond) => {
      await record(bytes);
      const config = uploadSchema.parse({ maxKilobitsPerSecond });
      const queue = new UploadQueue({
        jobs: spool.jobs,
        logins,
        config,
        retention: { retentionDays: 0 },
        rws,
        clock,
        random: Math.random,
        log,
        problems,
      });
      const uploaded = new Promise<void>((resolve, reject) => {
        queue.onUploaded(() => resolve());
        queue.onFailed((_job, { reason }) => reject(new Error(reason)));
      });
      const start = performance.now();
      await queue.start();
      await uploaded;
      const seconds = (performance.now() - start) / 1000;
      await queue.stop();
      return seconds;
    },
    close: async () => {
      login.discard();
      await spool.stop();
    },
  };
}
