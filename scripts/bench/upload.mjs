// Upload throughput on loopback: the queue, unsealing as it sends, against `curl -F` with the same bytes and the same server. At least 0.8 of curl;
// a limited upload within 10 % of its limit.
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** `SRS_BENCH_SHORT`: only whether it runs; its figures mean nothing. */
const isShort = process.env.SRS_BENCH_SHORT === '1';
const MEGABYTES = isShort ? 4 : 100;
const ROUNDS = isShort ? 1 : 5;
const LIMIT_KILOBITS = isShort ? 16_000 : 80_000;
const WANTED_RATIO = 0.8;

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
// In memory where there is such a folder: the way to the server is measured, not the disk.
const folder = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'srs-bench-upload-'));
const simulator = spawn(
  process.execPath,
  [path.join(root, 'dist/cli.js'), 'simulator', '--agent', 'ann:secret', '--storage', path.join(folder, 'storage')],
  {
    stdio: ['ignore', 'pipe', 'ignore'],
  },
);

try {
  const server = await listening(simulator);
  const parts = await loadParts();
  const slice = randomBytes(1024 * 1024);
  const bytes = Buffer.concat(Array.from({ length: MEGABYTES }, () => slice));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = path.join(folder, 'media');
  writeFileSync(file, bytes);

  const client = await parts.open({ server, directory: path.join(folder, 'spool') });
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const curl = measure(() => sendWithCurl(server, file, metadataFor(`curl-${round}`, sha256, bytes.length), client.contactCenterId));
    const queue = await client.upload(bytes, 0);
    rounds.push({ curl: await curl, queue });
    console.log(`round ${round + 1}: curl ${rate(await curl)} MB/s, queue ${rate(queue)} MB/s`);
  }
  const best = (name) => Math.min(...rounds.map((round) => round[name]));
  const ratio = best('curl') / best('queue');
  console.log(`upload: ${ratio.toFixed(2)} of curl -F (wanted: ${WANTED_RATIO})`);

  const limited = bytes.subarray(0, (LIMIT_KILOBITS / 8) * 1000 * (isShort ? 1 : 5));
  const seconds = await client.upload(limited, LIMIT_KILOBITS);
  const share = (limited.length * 8) / 1000 / seconds / LIMIT_KILOBITS;
  console.log(`limited upload: ${share.toFixed(3)} of its limit of ${LIMIT_KILOBITS} kbit/s (wanted: 0.9 to 1.1)`);
  console.log(`memory: ${Math.round(process.memoryUsage().rss / 1e6)} MB in all, of which the bench holds ${MEGABYTES} MB`);
  await client.close();
  process.exitCode = isShort || (ratio >= WANTED_RATIO && share > 0.9 && share < 1.1) ? 0 : 1;
} finally {
  simulator.kill();
  rmSync(folder, { recursive: true, force: true });
}

function rate(seconds) {
  return (MEGABYTES / seconds).toFixed(0);
}

async function measure(task) {
  const start = performance.now();
  await task();
  return (performance.now() - start) / 1000;
}

function sendWithCurl(server, file, metadata, contactCenterId) {
  const { id, mediaFiles } = metadata;
  const url = `${server}/internal-api/contact-centers/${contactCenterId}/screen-recordings/${id}/content/${mediaFiles[0].mediaId}`;
  const metadataFile = path.join(folder, 'metadata.json');
  writeFileSync(metadataFile, JSON.stringify(metadata));
  execFileSync('curl', [
    ...['--silent', '--show-error', '--fail', '--user', 'ann:secret'],
    ...['-F', `metadata=<${metadataFile};type=application/json`, '-F', `media=@${file};type=video/mp4;filename=${mediaFiles[0].mediaId}`],
    url,
  ]);
}

function metadataFor(mediaId, sha256, size) {
  const times = { startTime: '2026-01-05T08:00:00.000+0000', stopTime: '2026-01-05T08:01:00.000+0000' };
  const parameters = { contact: { userName: 'ann' }, displays: [], clientVersion: '8.5.100.00' };
  const mediaFile = { mediaId, ...times, duration: '60000', size: String(size), type: 'video/mp4', sha256, parameters };
  return { id: `recording-${mediaId}`, ...times, eventHistory: [], mediaFiles: [mediaFile] };
}

function listening(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      const match = /listening (http:\S+)/.exec((text += chunk));
      if (match) resolve(match[1]);
    });
    child.once('exit', () => reject(new Error('the simulator did not start')));
  });
}

/** Spool, queue and login out of the sources, as the service composes them. */
async function loadParts() {
  const program = path.join(folder, 'parts.cjs');
  await build({
    entryPoints: [path.join(root, 'scripts/bench/parts/upload-client.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    external: ['keytar'],
  });
  return createRequire(import.meta.url)(program);
}
