import { videoLoss, type VideoPart } from '../../../../src/spool/media/video-parts';

const part = (holes: number, fromMs: number, toMs: number): VideoPart => ({
  source: { size: 0, read: () => Promise.resolve(new Uint8Array()) },
  holes,
  blocks: 1,
  skipped: 0,
  fromMs,
  toMs,
});

describe('what a damaged video lacks', () => {
  it.each([
    ['a hole in the middle', [part(0, 0, 4000), part(1, 9000, 20_000)], 1, false, [{ fromMs: 4000, toMs: 9000 }], 0],
    [
      'two holes',
      [part(0, 0, 1000), part(1, 2000, 3000), part(2, 5000, 6000)],
      2,
      false,
      [
        { fromMs: 1000, toMs: 2000 },
        { fromMs: 3000, toMs: 5000 },
      ],
      0,
    ],
    ['nothing can be shown between two holes', [part(0, 0, 1000), part(2, 5000, 6000)], 2, false, [{ fromMs: 1000, toMs: 5000 }], 0],
    ['its first frames', [part(1, 2000, 6000)], 1, false, [{ fromMs: 0, toMs: 2000 }], 2000],
    ['its end', [part(0, 0, 3000)], 0, true, [{ fromMs: 3000 }], 0],
    ['what is behind the last hole', [part(0, 0, 3000)], 1, false, [{ fromMs: 3000 }], 0],
    ['everything', [], 1, true, [{ fromMs: 0 }], 0],
    [
      'a hole, of a video whose clock does not begin at 0',
      [part(0, 500, 1500), part(1, 2500, 4000)],
      1,
      false,
      [{ fromMs: 1000, toMs: 2000 }],
      0,
    ],
  ])('%s', (_what, parts, holes, isEndLost, gaps, startMs) => {
    expect(videoLoss(parts, holes, isEndLost)).toEqual({ gaps, startMs });
  });
});
