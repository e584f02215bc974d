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

  describe('pause', () => {
    it('reports it when the screen is let go, and again when it is back', async () => {
      const bench = new Bench();
      await bench.command('start');
      await bench.command('pause');
      expect(bench.recorder.state().status).toBe('paused');
      expect(bench.capture.showing).toBe(0);
      await bench.command('resume');
      expect(bench.recorder.state().status).toBe('recording');
      expect(bench.states).toEqual(['Recording', 'Paused', 'Recording']);
      expect(bench.events).toEqual(['paused', 'resumed']);
    });

    it('never shows the screen when it comes while the capture starts', async () => {
      const bench = new Bench();
      let open: () => void = () => undefined;
      bench.capture.startGate = new Promise((resolve) => (open = resolve));
      await bench.command('start');
      await bench.command('pause');
      open();
      await settle();
      expect(bench.capture.showing).toBe(0);
      expect(bench.states).toEqual(['Paused']);
      await bench.command('resume');
      expect(bench.recorder.state()).toMatchObject({ status: 'recording' });
      expect(bench.states).toEqual(['Paused', 'Recording']);
    });

    it.each([
      ['the page crashes', (bench: Bench) => bench.capture.last.end({ code: 'crashed', message: 'gone' })],
      ['the encoder falls silent', (bench: Bench) => bench.clock.advance(6000)],
      ['the computer sleeps and wakes', (bench: Bench) => (bench.recorder.suspended(), bench.recorder.resumed())],
      ['the displays change', (bench: Bench) => (bench.recorder.displaysChanged(), bench.clock.advance(1000))],
      ['the screen is unlocked', (bench: Bench) => bench.recorder.unlocked()],
    ])('keeps the screen away when %s meanwhile, and goes on with a new segment', async (_name, happen) => {
      const bench = new Bench();
      await bench.command('start');
      await bench.record(1);
      await bench.command('pause');
      void happen(bench);
      await settle();
      expect(bench.capture.showing).toBe(0);
      expect(bench.recorder.state().status).toBe('paused');
      await bench.command('resume');
      expect(bench.recorder.state()).toMatchObject({ status: 'recording', segment: 2 });
      expect(bench.capture.showing).toBe(1);
    });

    it('does not take the silence of a cut for a stuck encoder', async () => {
      const bench = new Bench({ pauseMode: 'cut' });
      await bench.command('start');
      await bench.command('pause');
      await bench.clock.advance(60_000);
      expect(bench.recorder.state()).toMatchObject({ status: 'paused', segment: 1 });
    });
  });

  describe('what interrupts a recording', () => {
    it.each([
      ['no slice for three slices', (bench: Bench) => bench.clock.advance(5100), ['gap: The encoder fell silent']],
      [
        'a crashed page',
        (bench: Bench) => bench.capture.last.end({ code: 'crashed', message: 'The page crashed' }),
        ['gap: The page crashed'],
      ],
      ['changed displays', (bench: Bench) => (bench.capture.last.changeDisplays(), bench.clock.advance(400)), ['displaysChanged']],
      ['sleep', (bench: Bench) => (bench.recorder.suspended(), bench.recorder.resumed()), ['gap: The computer slept']],
      ['unlocking', (bench: Bench) => (bench.recorder.locked(), bench.recorder.unlocked()), []],
    ])('%s: goes on as a new segment', async (_name, happen, events) => {
      const bench = new Bench();
      await bench.command('start');
      await bench.record(2);
      void happen(bench);
      await settle();
      expect(bench.recorder.state()).toMatchObject({ status: 'recording', segment: 2, bytes: 6 });
      await bench.record(1);
      await bench.command('stop');
      expect(bench.store.last.segments.map((segment) => segment.slices.length)).toEqual([2, 1]);
      expect(bench.events).toEqual(events);
      expect(bench.states).toEqual(['Recording', 'Recorded']);
    });

    it('is never shown as recording while nothing can be captured, and is tried until it works', async () => {
      const bench = new Bench();
      await bench.command('start');
      await bench.record(1);
      bench.capture.failures.push(...Array.from({ length: 4 }, () => new CaptureError('permission', 'The system refused')));
      bench.capture.last.end({ code: 'permission', message: 'The system refused' });
      await settle();
      expect(bench.recorder.state().status).toBe('starting');
      expect(bench.problems.raised.get('capturePermission')).toMatchObject({ text: 'The system refused' });
      await bench.clock.advance(9000);
      expect(bench.recorder.state()).toMatchObject({ status: 'recording', segment: 2 });
      await bench.record(1);
      expect(bench.problems.raised.size).toBe(0);
    });

    it('keeps what was recorded when it is stopped while nothing can be captured', async () => {
      const bench = new Bench();
      await bench.command('start');
      await bench.record(1);
      bench.capture.failures.push(...Array.from({ length: 9 }, () => new CaptureError('noSource', 'No display')));
      bench.capture.last.end({ code: 'sourceEnded', message: 'gone' });
      await bench.clock.advance(3000);
      await bench.command('stop');
      expect(bench.states).toEqual(['Recording', 'Recorded: There is no video from 2026-01-05T08:00:01.000+0000 on: No display']);
      expect(bench.store.last.segments).toHaveLength(1);
    });
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
    expect(bench.recorder.state()).toMatchObject({ status: 'failed', reason: 'No picture' });
    expect(bench.problems.raised.size).toBe(1);
    await bench.command('start', 'r2');
    expect(bench.recorder.state().status).toBe('recording');
  });

  it.each(['crashed', 'sourceEnded', 'timeout'] as const)('says what to do by whether it is tried again: %s', async (failure) => {
    const bench = new Bench();
    const failures = (count: number) => Array.from({ length: count }, () => new CaptureError(failure, 'No picture'));
    const remedy = (): string | undefined => bench.problems.raised.get('captureFailed')?.remedy;
    bench.capture.failures.push(...failures(3));
    await bench.command('start');
    await bench.clock.advance(2000);
    expect(bench.recorder.state().status).toBe('failed');
    expect(remedy()).not.toMatch(/Nothing now|started again/);
    bench.capture.failures.splice(0);
    await bench.command('start', 'r2');
    await bench.record(1);
    bench.capture.failures.push(...failures(1));
    bench.recorder.unlocked();
    await settle();
    expect(remedy()).toContain('it is started again');
    await bench.command('stop', 'r2');
    expect(bench.states.at(-1)).toMatch(/^Recorded/);
    expect(remedy()).not.toMatch(/Nothing now|started again/);
  });

  it('wakes with the unlocking when nobody told of the waking', async () => {
    const bench = new Bench();
    await bench.command('start');
    await bench.record(1);
    bench.recorder.suspended();
    bench.recorder.unlocked();
    await settle();
    expect(bench.recorder.state()).toMatchObject({ status: 'recording', segment: 2 });
    bench.recorder.resumed();
    await settle();
    expect(bench.recorder.state()).toMatchObject({ status: 'recording', segment: 2 });
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

  it('that the encoder gave no video of has failed, and says so', async () => {
    const bench = new Bench();
    await bench.command('start');
    await bench.clock.advance(1500);
    await bench.command('stop');
    expect(bench.states).toEqual(['Recording', 'Failed: Nothing was recorded: the encoder gave no video']);
    expect(bench.recorder.state().status).toBe('failed');
    expect(bench.problems.raised.has('captureFailed')).toBe(true);
  });

  it('is recorded when any of its segments has video', async () => {
    const bench = new Bench();
    await bench.command('start');
    await bench.record(1);
    bench.recorder.unlocked();
    await settle();
    await bench.command('stop');
    expect(bench.store.last.segments.map((segment) => segment.slices.length)).toEqual([1, 0]);
    expect(bench.states).toEqual(['Recording', 'Recorded']);
  });

  it('stops cleanly and says why when the disk is full', async () => {
    const bench = new Bench();
    await bench.command('start');
    await bench.record(2);
    bench.store.failures.append = new StoreError('diskFloor', 'The disk is nearly full');
    await bench.record(1);
    expect(bench.capture.showing).toBe(0);
    expect(bench.states).toEqual(['Recording', 'Failed: The disk is nearly full']);
    expect(bench.problems.raised.has('diskFloor')).toBe(true);
    expect(bench.store.last.segments[0]).toMatchObject({ slices: [expect.anything(), expect.anything()], stopTime: expect.any(String) });
  });

  it('holds a bounded amount for a disk that does not keep up', async () => {
    const bench = new Bench();
    await bench.command('start');
    bench.store.appendGate = new Promise(() => undefined);
    for (let slice = 0; slice < 9; slice += 1) bench.capture.last.slice(new Uint8Array(4 * 1024 * 1024));
    await settle();
    expect(bench.capture.showing).toBe(0);
    expect(bench.recorder.state().status).toBe('finishing');
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
