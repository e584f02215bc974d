import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { recordingSchema } from '../../../src/config/schema';
import { createBrowserCapture } from '../../../src/headless/browser-capture';
import { SystemClock } from '../../../src/lib/clock';
import { silentLogger } from '../../../src/lib/logger';
import { createRecorder } from '../../../src/recorder/recorder-runner';
import type { StateReport } from '../../../src/shared/recording';
import { FakeProblems } from '../../fakes/fake-problems';
import { FakeRecordingStore } from '../../fakes/fake-recording-store';
import { probeMedia } from '../../support/media-file';
import { ScriptedScreen } from '../../support/scripted-screen';
import { until } from '../../support/until';

const root = resolve(__dirname, '../../..');
const agent = { userName: 'agent' };

describe('the recorder on a real screen', () => {
  let screen: ScriptedScreen;
  let folder: string;

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build.mjs', 'capture'], { cwd: root });
    screen = await ScriptedScreen.start();
    folder = await mkdtemp(join(tmpdir(), 'srs-recorder-test-'));
  });

  afterAll(async () => {
    await screen.stop();
    await rm(folder, { recursive: true });
  });

  it('records from start to stop, with a pause, and refuses a second start meanwhile', async () => {
    const store = new FakeRecordingStore();
    const capture = createBrowserCapture({ pagesDirectory: join(root, 'dist'), log: silentLogger, display: screen.display });
    const config = recordingSchema.parse({});
    const recorder = createRecorder({ capture, store, clock: new SystemClock(), log: silentLogger, problems: new FakeProblems(), config });
    const reports: StateReport[] = [];
    recorder.onReport((report) => reports.push(report));
    const states = (): string[] => reports.map((report) => `${report.recordingId} ${report.state}`);
    const slices = (): number => store.last.segments[0]!.slices.length;
    try {
      await recorder.start();
      await recorder.warm();
      recorder.handle({ type: 'start', recording: { id: 'one' } }, agent);
      recorder.handle({ type: 'start', recording: { id: 'two' } }, agent);
      await until('two slices', () => recorder.state().status === 'recording' && slices() >= 2);
      recorder.handle({ type: 'pause', recordingId: 'one' }, agent);
      await until('pause', () => recorder.state().status === 'paused');
      const before = slices();
      await until('black slices', () => slices() >= before + 2);
      recorder.handle({ type: 'resume', recordingId: 'one' }, agent);
      await until('recording again', () => recorder.state().status === 'recording');
      recorder.handle({ type: 'stop', recordingId: 'one' }, agent);
      await until('idle', () => recorder.state().status === 'idle');
    } finally {
      await recorder.stop();
    }
    expect(states()).toEqual(['two Busy', 'one Recording', 'one Paused', 'one Recording', 'one Recorded']);
    const [segment] = store.last.segments;
    expect(store.last.events.map((event) => event.event)).toEqual(['paused', 'resumed']);
    const file = join(folder, 'one.mkv');
    await writeFile(file, Buffer.concat(segment!.slices));
    const video = await probeMedia(file);
    expect(video).toMatchObject({ codec: 'h264', width: 1280, height: 720 });
    expect(segment!.start.displays).toEqual([{ x: 0, y: 0, width: 1280, height: 720 }]);
  });
});
