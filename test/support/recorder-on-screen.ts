import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { recordingSchema, type RecordingConfiguration } from '../../src/config/schema';
import { createBrowserCapture } from '../../src/headless/browser-capture';
import { SystemClock } from '../../src/lib/clock';
import { silentLogger } from '../../src/lib/logger';
import { createRecorder, type Recorder } from '../../src/recorder/recorder-runner';
import type { OpenVisibleWindows } from '../../src/masks/ports';
import type { ScreenCapture } from '../../src/screen/ports';
import type { RecordingReference, StateReport } from '../../src/shared/recording';
import { fromRwsTime } from '../../src/shared/rws-time';
import { FakeProblems } from '../fakes/fake-problems';
import { FakeRecordingStore } from '../fakes/fake-recording-store';
import { recordedFrames, type RecordedFrame } from './recorded-frames';
import { until } from './until';

const PAGES = resolve(__dirname, '../../dist');

/** The real recorder on the real capture, with recordings in memory. */
export class RecorderOnScreen {
  readonly store = new FakeRecordingStore();
  readonly problems = new FakeProblems();
  readonly reports: StateReport[] = [];
  readonly capture: ScreenCapture;
  readonly profilesDirectory = join(tmpdir(), `srs-profiles-${process.pid}-${randomUUID()}`);
  readonly recorder: Recorder;

  /** @param display the session's own, by the environment, when it is `undefined` */
  constructor(
    display: string | undefined,
    config: Partial<RecordingConfiguration> = {},
    onScreen?: (isWhole: boolean) => void,
    windows?: OpenVisibleWindows,
  ) {
    this.capture = createBrowserCapture({
      pagesDirectory: PAGES,
      profilesDirectory: this.profilesDirectory,
      log: silentLogger,
      ...(display === undefined ? {} : { display }),
      ...(onScreen === undefined ? {} : { onScreen }),
      ...(windows === undefined ? {} : { windows }),
    });
    const { capture, store, problems } = this;
    this.recorder = createRecorder({
      capture,
      store,
      problems,
      clock: new SystemClock(),
      log: silentLogger,
      config: { ...recordingSchema.parse({}), ...config },
    });
    this.recorder.onReport((report) => this.reports.push(report));
  }

  command(type: 'start' | 'stop' | 'pause' | 'resume', more: Partial<RecordingReference> = {}): void {
    this.recorder.handle(type === 'start' ? { type, recording: { id: 'r1', ...more } } : { type, recordingId: 'r1' }, {
      userName: 'agent',
    });
  }

  async is(status: string, segment?: number): Promise<void> {
    await until(`the recorder to be ${status}`, () => {
      const state = this.recorder.state();
      return state.status === status && (segment === undefined || ('segment' in state && state.segment === segment));
    });
  }

  /** Waits for what is on the screen now to be recorded: one slice may be on its way already, the next one begins later. */
  async recorded(slices = 2): Promise<void> {
    const written = (): number => this.store.last.segments.reduce((sum, segment) => sum + segment.slices.length, 0);
    const before = written();
    await until('slices', () => written() >= before + slices);
  }

  /** The frames of a segment, at epoch milliseconds. */
  async frames(folder: string, segment = 0, columns = 1): Promise<readonly RecordedFrame[]> {
    const { start, slices } = this.store.last.segments[segment]!;
    const file = join(folder, `segment-${segment}.mkv`);
    await writeFile(file, Buffer.concat(slices));
    const startedAt = fromRwsTime(start.startTime)!;
    return (await recordedFrames(file, columns)).map(({ at, colours }) => ({ at: startedAt + at * 1000, colours }));
  }
}

/** The browsers that this process started to capture, by their process id. */
export async function captureBrowsers(): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => ''); // ended meanwhile
    if (command.includes(`/srs-profiles-${process.pid}-`) && !command.includes('--type=') && command.includes('--remote-debugging-pipe'))
      found.push(Number(name));
  }
  return found;
}
