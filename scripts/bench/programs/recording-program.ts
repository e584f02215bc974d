// Started by the benchmark `recorder`: the real recorder on the real capture writes its slices to a file until its standard input ends.
// Arguments: the file, the folder of the built pages, one of its own for the browser’s profile, settings of `recording` as JSON.
import { createWriteStream } from 'node:fs';
import { recordingSchema } from '../../../src/config/schema';
import { createBrowserCapture } from '../../../src/headless/browser-capture';
import { SystemClock } from '../../../src/lib/clock';
import { silentLogger } from '../../../src/lib/logger';
import { createRecorder } from '../../../src/recorder/recorder-runner';

const [, , target = '', pagesDirectory = '', profilesDirectory = '', settings = '{}'] = process.argv;
const file = createWriteStream(target);
const segment = { append: async (slice: Uint8Array) => void file.write(slice), finish: async () => true };
const writer = { beginSegment: async () => segment, note: async () => undefined, close: async () => undefined };
const fail = (what: string): void => {
  process.stderr.write(`${what}\n`);
  process.exit(1);
};
const recorder = createRecorder({
  capture: createBrowserCapture({ pagesDirectory, profilesDirectory, log: silentLogger }),
  store: { begin: async () => writer, recover: async () => 0 },
  clock: new SystemClock(),
  log: silentLogger,
  problems: { raise: (code, facts) => fail(`${code} ${JSON.stringify(facts)}`), clear: () => undefined },
  config: recordingSchema.parse(JSON.parse(settings)),
});
recorder.onReport((report) => process.stdout.write(`${report.state}\n`));
void recorder.warm().then(() => recorder.handle({ type: 'start', recording: { id: 'bench' } }, { userName: 'bench' }));
process.stdin.on('end', () => void recorder.stop().then(() => process.exit(0))).resume();
