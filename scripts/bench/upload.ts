// Upload throughput on loopback: the queue, unsealing as it sends, beside `curl -F` with the same bytes and the same server (a process of its
// own), BENCH_ROUNDS (5) times by turns; what a gigabyte costs this process; and how exactly a limit is kept.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isShort, length, median, note, runBenchmark } from './parts/figures';
import { CLI, startProgram } from './parts/started-program';
import { inTemporaryFolder } from './parts/temporary-folder';
import { open } from './parts/upload-client';

const MEGABYTES = isShort ? 4 : 100;
const ROUNDS = length('BENCH_ROUNDS', 5, 1);
const LIMIT_KILOBITS = isShort ? 16_000 : 80_000;
const LIMITED_SECONDS = isShort ? 1 : 5;

interface Video {
  readonly bytes: Buffer;
  readonly file: string;
  readonly sha256: string;
}

function makeVideo(folder: string): Video {
  const slice = randomBytes(1024 * 1024);
  const bytes = Buffer.concat(Array.from({ length: MEGABYTES }, () => slice));
  const file = join(folder, 'media');
  writeFileSync(file, bytes);
  return { bytes, file, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** @returns seconds */
async function sendWithCurl(folder: string, place: string, mediaId: string, { bytes, file, sha256 }: Video): Promise<number> {
  const times = { startTime: '2026-01-05T08:00:00.000+0000', stopTime: '2026-01-05T08:01:00.000+0000' };
  const parameters = { contact: { userName: 'ann' }, displays: [], clientVersion: '8.5.100.00' };
  const mediaFile = { mediaId, ...times, duration: '60000', size: String(bytes.length), type: 'video/mp4', sha256, parameters };
  const metadata = join(folder, 'metadata.json');
  writeFileSync(metadata, JSON.stringify({ id: `recording-${mediaId}`, ...times, eventHistory: [], mediaFiles: [mediaFile] }));
  const parts = ['-F', `metadata=<${metadata};type=application/json`, '-F', `media=@${file};type=video/mp4;filename=${mediaId}`];
  const url = `${place}/recording-${mediaId}/content/${mediaId}`;
  const begin = performance.now();
  await promisify(execFile)('curl', ['--silent', '--show-error', '--fail', '--user', 'ann:secret', ...parts, url]);
  return (performance.now() - begin) / 1000;
}

runBenchmark(() =>
  inTemporaryFolder(async (folder) => {
    const storage = join(folder, 'storage');
    const simulator = await startProgram(process.execPath, [CLI, 'simulator', '--agent', 'ann:secret', '--storage', storage]);
    try {
      const server = /listening (http:\S+)/.exec(simulator.firstLine)?.[1] ?? '';
      const video = makeVideo(folder);
      const client = await open({ server, directory: join(folder, 'spool') });
      const place = `${server}/internal-api/contact-centers/${client.contactCenterId ?? ''}/screen-recordings`;
      const rates: { readonly curl: number[]; readonly queue: number[] } = { curl: [], queue: [] };
      const gigabytes = video.bytes.length / 1e9;
      let cpuSeconds = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        rates.curl.push(MEGABYTES / (await sendWithCurl(folder, place, `curl-${round}`, video)));
        const before = process.cpuUsage();
        rates.queue.push(MEGABYTES / (await client.upload(video.bytes, 0)));
        const { user, system } = process.cpuUsage(before);
        cpuSeconds += (user + system) / 1e6;
      }
      const yardstick = { name: 'curl -F', value: median(rates.curl) };
      note({ name: 'upload', unit: 'MB/s', value: median(rates.queue), yardstick, goal: { atLeast: 0.95 } });
      note({ name: 'upload: sealing and sending', unit: 'CPU s per GB', value: cpuSeconds / (gigabytes * ROUNDS) });

      const limited = video.bytes.subarray(0, (LIMIT_KILOBITS / 8) * 1000 * LIMITED_SECONDS);
      const seconds = await client.upload(limited, LIMIT_KILOBITS);
      const kilobits = (limited.length * 8) / 1000 / seconds;
      note({
        name: 'limited upload',
        unit: 'kbit/s',
        value: kilobits,
        yardstick: { name: 'its limit', value: LIMIT_KILOBITS },
        goal: { atMost: 1.1 },
      });
      await client.close();
    } finally {
      await simulator.stop();
    }
  }),
);
