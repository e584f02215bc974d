import { scaleTogether } from '../../../../src/desktop/platform/scale-together';

it.each<[string, [number, number, number, number, number][], number[][]]>([
  [
    'one scale',
    [
      [0, 0, 1920, 1080, 1],
      [1920, 0, 1280, 720, 1],
    ],
    [
      [0, 0, 1920, 1080],
      [1920, 0, 1280, 720],
    ],
  ],
  [
    'a sharp display beside another one',
    [
      [0, 0, 1512, 982, 2],
      [1512, 0, 1920, 1080, 1],
    ],
    [
      [0, 0, 3024, 1964],
      [3024, 0, 3840, 2160],
    ],
  ],
])('%s: displays lie beside each other as on the desk', (_name, displays, expected) => {
  const given = displays.map(([x, y, width, height, scaleFactor]) => ({ bounds: { x, y, width, height }, scaleFactor }));
  expect(scaleTogether(given).map(({ x, y, width, height }) => [x, y, width, height])).toEqual(expected);
});
