import { CaptureError } from '../../../src/screen/errors';
import { toRwsTime } from '../../../src/shared/rws-time';
import { settle } from '../../fakes/fake-clock';
import { RecorderBench } from '../../support/recorder-bench';

const NOT_READY = 'gap: The capture was not ready yet';

/** What is noted, with the second after the first command it is noted for. */
function noted(bench: RecorderBench): string[] {
  return bench.store.last.events.map(({ time, event, reason }) => {
    const second = (Date.parse(time.replace('+0000', 'Z')) - Date.UTC(2026, 0, 5, 8)) / 1000;
    return reason === undefined ? `${second} ${event}` : `${second} ${event}: ${reason}`;
  });
}

function gate(): { readonly closed: Promise<void>; open(): Promise<void> } {
  let resolve: () => void = () => undefined;
  const closed = new Promise<void>((done) => (resolve = done));
  return { closed, open: () => (resolve(), settle()) };
}

const failures = (count: number): CaptureError[] => Array.from({ length: count }, () => new CaptureError('noSource', 'No display'));

describe('a gap of the video', () => {
  let bench: RecorderBench;
  beforeEach(() => {
    bench = new RecorderBench({ segmentMinutes: 1 });
  });

  const recorded = async (): Promise<void> => {
    await bench.command('start');
    await bench.record(2);
  };

  it.each([
    ['unlocking', async () => bench.recorder.unlocked(), 2],
    ['changed displays', async () => (bench.recorder.displaysChanged(), bench.clock.advance(300)), 2.3],
    ['the longest time of a segment', async () => bench.record(58), 60],
  ])('is noted when the new segment after %s does not come up, from the end of the last one on', async (_name, renew, second) => {
    await recorded();
    bench.capture.failures.push(...failures(2));
    await renew();
    await bench.clock.advance(2000);
    expect(bench.recorder.state()).toMatchObject({ status: 'recording', segment: 2 });
    expect(noted(bench).filter((line) => line.includes('gap'))).toEqual([`${second} gap: No display`]);
  });

  it('is noted when the new segment comes up late, and not when it comes up in a moment', async () => {
    await recorded();
    const slow = gate();
    bench.capture.startGate = slow.closed;
    bench.recorder.unlocked();
    await bench.clock.advance(1500);
    await slow.open();
    expect(noted(bench)).toEqual(['2 gap: The screen was unlocked']);
    const quick = gate();
    bench.capture.startGate = quick.closed;
    bench.recorder.unlocked();
    await bench.clock.advance(900);
    await quick.open();
    expect(bench.recorder.state()).toMatchObject({ status: 'recording', segment: 3 });
    expect(noted(bench)).toHaveLength(1);
  });

  it('begins with the last slice when the encoder falls silent', async () => {
    await recorded();
    await bench.clock.advance(6000);
    expect(noted(bench)).toEqual(['2 gap: The encoder fell silent']);
  });

  it('is noted once, however often the start fails', async () => {
    await recorded();
    bench.capture.failures.push(...failures(5));
    bench.capture.last.end({ code: 'crashed', message: 'The page crashed' });
    await bench.clock.advance(14_000);
    expect(bench.recorder.state().status).toBe('recording');
    expect(noted(bench)).toEqual(['2 gap: The page crashed']);
  });

  it.each([
    ['longer than a moment', 1500, [`0 ${NOT_READY}`]],
    ['a moment', 900, []],
  ])('from the command to the first frame: %s', async (_name, ms, expected) => {
    const opening = gate();
    bench.capture.startGate = opening.closed;
    void bench.recorder.warm();
    await bench.command('start');
    await bench.clock.advance(ms);
    await opening.open();
    expect(noted(bench)).toEqual(expected);
    const { start, segments } = bench.store.last;
    expect(start.startTime).toBe('2026-01-05T08:00:00.000+0000');
    expect(segments[0]?.start.startTime).toBe(toRwsTime(bench.clock.now()));
  });

  it('from the resume to the first frame', async () => {
    await recorded();
    await bench.command('pause');
    await bench.record(3);
    const opening = gate();
    bench.capture.last.resumeGate = opening.closed;
    await bench.command('resume');
    await bench.clock.advance(2000);
    await opening.open();
    expect(noted(bench)).toEqual(['2 paused', `5 ${NOT_READY}`, '7 resumed']);
  });

  it('is the pause’s own time when there is a pause', async () => {
    await recorded();
    bench.capture.failures.push(...failures(9));
    bench.recorder.unlocked();
    await bench.clock.advance(3000);
    await bench.command('pause');
    bench.capture.failures.splice(0);
    await bench.clock.advance(60_000);
    await bench.command('resume');
    expect(noted(bench)).toEqual(['2 gap: No display', '5 paused', '65 resumed']);
  });

  it('begins with the silence that a new segment ended before it was noticed (seeds 4128 and 5803)', async () => {
    await bench.command('start');
    await bench.clock.advance(3000);
    bench.recorder.unlocked();
    await bench.record(1);
    await bench.clock.advance(3000);
    bench.recorder.unlocked();
    await bench.record(1);
    expect(noted(bench)).toEqual([`0 ${NOT_READY}`, '4 gap: The screen was unlocked']);
  });

  it('that a silence made is noted before its segment ends, not when the next one begins (seed 3124)', async () => {
    await recorded();
    await bench.clock.advance(4000);
    bench.capture.startGate = gate().closed;
    bench.recorder.unlocked();
    await settle();
    expect(noted(bench)).toEqual(['2 gap: The screen was unlocked']);
  });

  it.each([
    [1000, '00:03.000', []],
    [4000, '00:02.000', ['2 gap: The encoder fell silent']],
  ])('at the end of a file is in it, and the file ends with its video: %d ms of silence (seed 25289)', async (ms, end, gaps) => {
    await recorded();
    await bench.clock.advance(ms);
    await bench.command('stop');
    expect(noted(bench)).toEqual(gaps);
    expect(bench.store.last.segments.at(-1)?.stopTime).toBe(`2026-01-05T08:${end}+0000`);
  });

  it('that a stop hides, because the encoder was only silent, is said in the last report', async () => {
    await recorded();
    await bench.clock.advance(4000);
    await bench.command('stop');
    expect(bench.states.at(-1)).toBe('Recorded: There is no video from 2026-01-05T08:00:02.000+0000 on: The encoder fell silent');
  });

  it('that a stop hides, because the next segment gave nothing yet, is said from its begin (seed 921)', async () => {
    await recorded();
    bench.recorder.unlocked();
    await bench.clock.advance(5000 + 500 + 3000);
    await bench.command('stop');
    expect(bench.states.at(-1)).toBe('Recorded: There is no video from 2026-01-05T08:00:02.000+0000 on: The encoder fell silent');
  });

  it('that a pause covers to the end is said in the last report (seed 4898)', async () => {
    await recorded();
    bench.capture.failures.push(...failures(9));
    bench.recorder.unlocked();
    await bench.clock.advance(3000);
    await bench.command('pause');
    await bench.clock.advance(60_000);
    await bench.command('stop');
    expect(bench.states.at(-1)).toBe('Recorded: There is no video from 2026-01-05T08:00:02.000+0000 on: No display');
  });

  it('that a second pause covers to the end is said in the last report (seed 11719)', async () => {
    await recorded();
    bench.capture.failures.push(...failures(9));
    bench.recorder.unlocked();
    await bench.command('pause');
    await bench.command('resume');
    await bench.clock.advance(3000);
    await bench.command('pause');
    await bench.clock.advance(60_000);
    await bench.command('stop');
    expect(bench.states.at(-1)).toBe('Recorded: There is no video from 2026-01-05T08:00:02.000+0000 on: No display');
  });

  it('that lasts to the end is said in the last report, whatever ended the recording', async () => {
    await recorded();
    bench.capture.failures.push(...failures(9));
    bench.recorder.unlocked();
    await bench.clock.advance(3000);
    await bench.recorder.finish('The agent logged out');
    expect(bench.states.at(-1)).toBe('Recorded: The agent logged out. There is no video from 2026-01-05T08:00:02.000+0000 on: No display');
  });
});

describe('a pause that comes while the displays are opened again', () => {
  it.each(['black', 'cut'] as const)('wins: nothing is recorded until the next resume (%s)', async (pauseMode) => {
    const bench = new RecorderBench({ pauseMode });
    await bench.command('start');
    await bench.record(2);
    await bench.command('pause');
    const opening = gate();
    bench.capture.last.resumeGate = opening.closed;
    await bench.command('resume');
    await bench.command('pause');
    expect(bench.capture.last.isStopped).toBe(true);
    await opening.open();
    expect(bench.capture.showing).toBe(0);
    expect(bench.recorder.state().status).toBe('paused');
    expect(bench.events).toEqual(['paused']);
    await bench.command('resume');
    expect(bench.recorder.state()).toMatchObject({ status: 'recording', segment: 2 });
    expect(bench.events).toEqual(['paused', 'resumed']);
    expect(bench.states).toEqual(['Recording', 'Paused', 'Recording']);
  });
});
