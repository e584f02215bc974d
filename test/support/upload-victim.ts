import { uploadSchema, rwsSchema, spoolSchema } from '../../src/config/schema';
import { SystemClock } from '../../src/lib/clock';
import { silentLogger } from '../../src/lib/logger';
import { Secret } from '../../src/lib/secret';
import { createRwsGateway } from '../../src/rws/create-rws-gateway';
import { createSpool } from '../../src/spool/create-spool';
import { UploadQueue } from '../../src/upload/upload-queue';
import { FakeUploadLogins } from '../fakes/fake-upload-logins';
import { fixedVault } from './spool-rig';

/** Uploads what a spool holds until it is killed. Prints `ready` when it begins. */
export interface UploadVictimInput {
  readonly directory: string;
  readonly key: string;
  readonly server: string;
  readonly kilobitsPerSecond: number;
}

const { directory, key, server, kilobitsPerSecond } = JSON.parse(process.argv[2] ?? '{}') as UploadVictimInput;

async function main(): Promise<void> {
  const clock = new SystemClock();
  const log = silentLogger;
  const problems = { raise: () => undefined, clear: () => undefined };
  const config = rwsSchema.parse({});
  const gateway = createRwsGateway({ config, trigger: 'command', clientVersion: '8.5.100.00', clock, random: Math.random, log });
  const login = await gateway.signIn(server, { userName: 'ann', password: new Secret('secret') }, AbortSignal.timeout(10_000));
  const logins = new FakeUploadLogins();
  logins.signIn({ userName: 'ann', http: login.http, contactCenterId: 'cc-1' });
  const spool = createSpool({
    directory,
    config: spoolSchema.parse({}),
    vault: fixedVault(Buffer.from(key, 'hex')),
    clock,
    log,
    problems,
    clientVersion: '8.5.100.00',
    newId: () => 'unused',
    claimDirectory: () => Promise.resolve(),
  });
  await spool.start();
  const queue = new UploadQueue({
    jobs: spool.jobs,
    logins,
    config: uploadSchema.parse({ maxKilobitsPerSecond: kilobitsPerSecond }),
    retention: { retentionDays: 0 },
    rws: config,
    clock,
    random: () => 0.01,
    log,
    problems,
  });
  process.stdout.write('ready\n');
  await queue.start();
  setInterval(() => undefined, 1000); // Stays until it is killed.
}

void main();
