import { silentLogger } from '../../../src/lib/logger';
import type { Covering } from '../../../src/masks/mask-run';
import { createPageCapture } from '../../../src/screen/page-capture';
import type { CaptureRequest } from '../../../src/screen/ports';
import { formatCaptureFault } from '../../../src/shared/capture-contract';
import { FakeCapturePage } from '../../fakes/fake-capture-page';
import { FakeClock, settle } from '../../fakes/fake-clock';
import { FakeVisibleWindows } from '../../fakes/fake-visible-windows';

const request: CaptureRequest = {
  encoding: { framesPerSecond: 5, videoBitsPerSecond: 400_000 },
  displays: 'all',
  maxWidth: 0,
  maxHeight: 0,
  grayscale: false,
  pauseMode: 'black',
  sliceMs: 1000,
};

function setUp() {
  const page = new FakeCapturePage();
  const clock = new FakeClock();
  const heard: string[] = [];
  const windows = new FakeVisibleWindows();
  const listener = {
    onSlice: (bytes: Uint8Array) => void heard.push(`slice ${bytes.length}`),
    onDisplaysChanged: () => void heard.push('displays'),
    onCovering: ({ isWhole, reasons }: Covering) => void heard.push(`covering ${isWhole ? 'all' : reasons.join()}`),
    onEnded: ({ code }: { code: string }) => void heard.push(`ended ${code}`),
  };
  return { page, clock, heard, listener, windows, capture: createPageCapture({ page, windows: windows.open, clock, log: silentLogger }) };
}

describe('a capture by a page', () => {
  it('opens every display by name, then starts', async () => {
    const { page, capture, listener } = setUp();
    page.shown = [...page.shown, { id: 'second', isPrimary: false, geometry: { x: 1920, y: 0, width: 800, height: 600 } }];
    const run = await capture.start(request, listener);
    expect(page.isOpen).toBe(true);
    expect(page.selected).toEqual(['main', 'second']);
    expect(page.calls.map(([method]) => method)).toEqual(['open', 'open', 'start']);
    expect(run).toMatchObject({ mimeType: 'video/x-matroska;codecs=avc1', startedAgoMs: 1, displays: [{ x: 0 }, { x: 1920 }] });
  });

  it('passes on what this run says, and nothing else', async () => {
    const { page, capture, listener, heard } = setUp();
    const run = await capture.start(request, listener);
    const bytes = new Uint8Array(4);
    page.messages.emit({ type: 'slice', run: 1, sequence: 0, bytes });
    page.messages.emit({ type: 'slice', run: 7, sequence: 0, bytes });
    page.messages.emit('nonsense');
    page.messages.emit({ type: 'displaysChanged', run: 1 });
    page.displayChanges.emit();
    await run.stop();
    await run.stop();
    page.crashes.emit('gone');
    expect(heard).toEqual(['slice 4', 'displays', 'displays']);
    expect(page.calls.filter(([method]) => method === 'stop')).toHaveLength(1);
  });

  it.each([
    ['a crash', (page: FakeCapturePage) => page.crashes.emit('gone'), 'ended crashed'],
    [
      'its end',
      (page: FakeCapturePage) => page.messages.emit({ type: 'ended', run: 1, code: 'permission', message: 'x' }),
      'ended permission',
    ],
  ])('tells %s once', async (_name, happen, expected) => {
    const { page, capture, listener, heard } = setUp();
    const run = await capture.start(request, listener);
    happen(page);
    happen(page);
    await run.stop();
    expect(heard).toEqual([expected]);
    expect(page.calls.map(([method]) => method)).not.toContain('stop');
  });

  it('opens the displays again to resume', async () => {
    const { page, capture, listener } = setUp();
    const run = await capture.start(request, listener);
    await run.pause();
    await run.resume();
    expect(page.calls.map(([method]) => method)).toEqual(['open', 'start', 'pause', 'open', 'resume']);
  });

  it('turns what the page throws into a failure, and leaves nothing open', async () => {
    const { page, capture, listener } = setUp();
    page.answers.open = async () => {
      throw new Error(formatCaptureFault('permission', 'Not allowed'));
    };
    await expect(capture.start(request, listener)).rejects.toMatchObject({ failure: 'permission', message: 'Not allowed' });
    expect(page.calls.map(([method]) => method)).toEqual(['open', 'stop']);
  });

  it('refuses to start without a display', async () => {
    const { page, capture, listener } = setUp();
    page.shown = [];
    await expect(capture.start(request, listener)).rejects.toMatchObject({ failure: 'noSource' });
  });

  it.each([
    ['call', (page: FakeCapturePage) => void (page.answers.start = () => new Promise(() => undefined))],
    ['open', (page: FakeCapturePage) => void (page.open = () => new Promise(() => undefined))],
    ['displays', (page: FakeCapturePage) => void (page.displays = () => new Promise(() => undefined))],
    ['select', (page: FakeCapturePage) => void (page.select = () => new Promise(() => undefined))],
  ])('gives up on a page that does not answer: %s, and lets it go', async (_name, hang) => {
    const { page, clock, capture, listener } = setUp();
    let closed = 0;
    page.close = async () => void (closed += 1);
    hang(page);
    const failed = expect(capture.start(request, listener)).rejects.toMatchObject({ failure: 'timeout' });
    await clock.advance(41_000);
    await failed;
    expect(closed).toBe(1);
  });

  it('says that it is lost when the page crashes, without a run too, and when it hung and was let go', async () => {
    const { page, clock, capture, listener } = setUp();
    let lost = 0;
    capture.onLost(() => (lost += 1));
    await capture.warm();
    page.crashes.emit('gone');
    expect(lost).toBe(1);
    page.answers.start = () => new Promise(() => undefined);
    const failed = expect(capture.start(request, listener)).rejects.toMatchObject({ failure: 'timeout' });
    await clock.advance(20_000);
    await failed;
    expect(lost).toBe(2);
    await capture.cool();
    expect(lost).toBe(2);
  });

  it('warms and cools within a time', async () => {
    const { page, clock, capture } = setUp();
    page.open = page.close = () => new Promise(() => undefined);
    const failed = [capture.warm(), capture.cool()].map((task) => expect(task).rejects.toMatchObject({ failure: 'timeout' }));
    await clock.advance(41_000);
    await Promise.all(failed);
  });

  it('opens no display behind a stop that came while it resumed', async () => {
    const { page, capture, listener } = setUp();
    const run = await capture.start(request, listener);
    await run.pause();
    let opened: (value?: unknown) => void = () => undefined;
    page.answers.open = () => new Promise((resolve) => (opened = resolve));
    const resumed = expect(run.resume()).rejects.toMatchObject({ failure: 'sourceEnded' });
    const stopped = run.stop();
    await settle();
    opened();
    await Promise.all([resumed, stopped]);
    expect(page.calls.map(([method]) => method)).toEqual(['open', 'start', 'pause', 'open', 'stop']);
  });
});
