import { CaptureError } from '../../../src/screen/errors';
import { StoreError } from '../../../src/recorder/store-error';
import { settle } from '../../fakes/fake-clock';
import { RecorderBench as Bench } from '../../support/recorder-bench';

describe('recorder', () => {
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
});
