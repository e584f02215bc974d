import { CaptureError } from '../../../src/screen/errors';
import { StoreError } from '../../../src/recorder/store-error';
import { settle } from '../../fakes/fake-clock';
import { agent, RecorderBench as Bench } from '../../support/recorder-bench';

describe('recorder', () => {
  it('takes a recording from command to segments', async () => {
    const bench = new Bench();
    await bench.command('start', 'r1', { callUuid: 'call', region: 'emea' });
    expect(bench.recorder.state()).toMatchObject({ status: 'recording', recordingId: 'r1', userName: 'agent', segment: 1, bytes: 0 });
    await bench.record(3);
    expect(bench.recorder.state()).toMatchObject({ status: 'recording', bytes: 9 });
    await bench.command('stop');
    expect(bench.recorder.state()).toEqual({ status: 'idle' });
    expect(bench.states).toEqual(['Recording', 'Recorded']);
    expect(bench.reports[1]).toMatchObject({ startTime: '2026-01-05T08:00:00.000+0000', stopTime: '2026-01-05T08:00:03.000+0000' });
    expect(bench.store.last.start).toMatchObject({ recordingId: 'r1', callUuid: 'call', region: 'emea', agent });
    expect(bench.store.last.segments.map((segment) => segment.slices.length)).toEqual([3]);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('writes the journal before anything is captured', async () => {
    const bench = new Bench();
    bench.store.failures.begin = new StoreError('diskFloor', 'The disk is nearly full');
    await bench.command('start');
    expect(bench.capture.runs).toHaveLength(0);
    expect(bench.states).toEqual(['Failed: The disk is nearly full']);
    expect(bench.recorder.state()).toMatchObject({ status: 'failed', reason: 'The disk is nearly full' });
    expect(bench.problems.raised.get('diskFloor')?.remedy).toContain('Free disk space');
    delete bench.store.failures.begin;
    await bench.command('start', 'r2');
    await bench.record(1);
    expect(bench.problems.raised.size).toBe(0);
  });

  it('answers a second start with Busy, and ignores the same one delivered twice', async () => {
    const bench = new Bench();
    await bench.command('start');
    await bench.command('start');
    await bench.command('start', 'r2');
    await bench.command('stop', 'r2');
    expect(bench.recorder.state()).toMatchObject({ status: 'recording', recordingId: 'r1' });
    expect(bench.reports.map(({ recordingId, state }) => `${recordingId} ${state}`)).toEqual(['r1 Recording', 'r2 Busy']);
  });

  it('knows a GUID in other case for the same recording, and reports it as it was first named', async () => {
    const bench = new Bench();
    const id = '1B4E28BA-2FA1-11D2-883F-0016D3CCA427';
    await bench.command('start', id);
    for (const type of ['start', 'pause', 'resume', 'stop'] as const) await bench.command(type, id.toLowerCase());
    expect(bench.reports.map(({ recordingId }) => recordingId)).toEqual([id, id, id, id]);
    expect(bench.reports.map(({ state }) => state)).toEqual(['Recording', 'Paused', 'Recording', expect.stringMatching(/Recorded|Failed/)]);
  });

  it('starts the next recording while the last one is still being finished', async () => {
    const bench = new Bench();
    await bench.command('start');
    let open: () => void = () => undefined;
    bench.store.appendGate = new Promise((resolve) => (open = resolve));
    await bench.record(1);
    await bench.command('stop');
    expect(bench.recorder.state().status).toBe('finishing');
    await bench.command('start', 'r2');
    expect(bench.recorder.state()).toMatchObject({ status: 'recording', recordingId: 'r2' });
    open();
    await settle();
    expect(bench.recorder.state()).toMatchObject({ status: 'recording', recordingId: 'r2' });
    expect(bench.reports.at(-1)).toMatchObject({ recordingId: 'r1', state: 'Recorded' });
  });

  it.each([
    ['the configuration', {}, { framesPerSecond: 5, videoBitsPerSecond: 400_000 }],
    ['the command', { framesPerSecond: 8, videoBitsPerSecond: 900_000 }, { framesPerSecond: 8, videoBitsPerSecond: 900_000 }],
    ['the limits', { framesPerSecond: 60, videoBitsPerSecond: 1 }, { framesPerSecond: 15, videoBitsPerSecond: 50_000 }],
    ['the configuration for nonsense', { framesPerSecond: NaN }, { framesPerSecond: 5, videoBitsPerSecond: 400_000 }],
  ])('takes the encoding from %s', async (_name, encoding, expected) => {
    const bench = new Bench();
    await bench.command('start', 'r1', { encoding });
    expect(bench.capture.last.request.encoding).toEqual(expected);
  });

  it.each([
    ['permission', 1],
    ['noSource', 1],
    ['crashed', 3],
  ] as const)('fails a start with the reason when the capture does not come up: %s', async (failure, tries) => {
    const bench = new Bench();
    bench.capture.failures.push(...Array.from({ length: tries }, () => new CaptureError(failure, 'No picture')));
    await bench.command('start');
    await bench.clock.advance(2000);
    expect(bench.states).toEqual(['Failed: No picture']);
    expect(bench.recorder.state()).toMatchObject({ status: 'failed', reason: 'No picture', code: expect.stringMatching(/^capture/) });
    expect(bench.problems.raised.size).toBe(1);
    await bench.command('start', 'r2');
    expect(bench.recorder.state().status).toBe('recording');
  });

  it('cuts a long recording into segments, and stops one that nobody stops', async () => {
    const bench = new Bench({ segmentMinutes: 1, maxMinutes: 2.5 });
    await bench.command('start');
    await bench.record(151);
    expect(bench.store.last.segments).toHaveLength(3);
    expect(bench.states).toEqual(['Recording', 'Recorded: The longest allowed time was reached']);
    expect(bench.recorder.state().status).toBe('idle');
    expect(bench.events).toEqual([]);
  });

  it('finishes for a logout, and resolves when the segments are handed over', async () => {
    const bench = new Bench();
    await bench.recorder.finish('nothing runs');
    await bench.command('start');
    await bench.record(1);
    await bench.recorder.finish('The agent logged out');
    expect(bench.store.last.segments[0]!.stopTime).toBeDefined();
    expect(bench.states).toEqual(['Recording', 'Recorded: The agent logged out']);
  });

  it('is warm from login to logout, and stays so as long as it records', async () => {
    const bench = new Bench();
    await bench.recorder.warm();
    await bench.command('start');
    await bench.recorder.cool();
    expect(bench.capture.isWarm).toBe(true);
    await bench.recorder.stop();
    expect(bench.capture.isWarm).toBe(false);
  });

  it('drops what a run that is over says', async () => {
    const bench = new Bench();
    await bench.command('start');
    const first = bench.capture.last;
    first.changeDisplays();
    await bench.clock.advance(400);
    first.end({ code: 'crashed', message: 'late' });
    await settle();
    expect(bench.recorder.state()).toMatchObject({ status: 'recording', segment: 2 });
  });
});
