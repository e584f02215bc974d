import { FrameCount } from '../../../src/screen/frame-count';

it.each<[string, readonly (readonly [run: number, frames: number])[], number]>([
  ['nothing was told', [], 0],
  [
    'a run goes on',
    [
      [1, 5],
      [1, 9],
    ],
    9,
  ],
  [
    'a second run begins at nothing',
    [
      [1, 9],
      [2, 3],
    ],
    12,
  ],
  [
    'the first run tells its end late',
    [
      [1, 9],
      [2, 3],
      [1, 11],
    ],
    12,
  ],
  [
    'news come in the wrong order',
    [
      [1, 9],
      [1, 8],
    ],
    9,
  ],
])('counts the frames of all runs: %s', (_what, told, expected) => {
  const frames = new FrameCount();
  for (const [run, count] of told) frames.note(run, count);
  expect(frames.total).toBe(expected);
});
