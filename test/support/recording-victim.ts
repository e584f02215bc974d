import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { spoolSchema } from '../../src/config/schema';
import { SystemClock } from '../../src/lib/clock';
import { silentLogger } from '../../src/lib/logger';
import { createSpool } from '../../src/spool/create-spool';
import { exampleSegment, exampleStart, fixedVault } from './spool-rig';
import { slicesOf } from './recorded-material';

/** Records one recording after the other, until it is killed. Prints `begun ID`, and `kept ID BYTES` after each slice. */
export interface RecordingVictimInput {
  readonly directory: string;
  readonly key: string;
  readonly material: string;
}

const { directory, key, material } = JSON.parse(process.argv[2] ?? '{}') as RecordingVictimInput;

async function main(): Promise<void> {
  const spool = createSpool({
    directory,
    config: spoolSchema.parse({ minFreeMegabytes: 0 }),
    vault: fixedVault(Buffer.from(key, 'hex')),
    clock: new SystemClock(),
    log: silentLogger,
    problems: { raise: () => undefined, clear: () => undefined },
    clientVersion: '8.5.100.00',
    newId: randomUUID,
    claimDirectory: () => Promise.resolve(),
  });
  await spool.start();
  const slices = slicesOf(readFileSync(material), 30);
  for (;;) {
    const recordingId = randomUUID();
    const writer = await spool.recordings.begin({ ...exampleStart, recordingId });
    const segment = await writer.beginSegment(exampleSegment);
    process.stdout.write(`begun ${recordingId}\n`);
    let bytes = 0;
    for (const slice of slices) {
      await segment.append(slice);
      bytes += slice.length;
      process.stdout.write(`kept ${recordingId} ${bytes}\n`);
    }
    await segment.finish('2026-01-05T08:00:10.000+0000');
    await writer.close('2026-01-05T08:00:10.000+0000');
  }
}

void main();
