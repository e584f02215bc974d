import { frameAround, placeWindow } from '../../../../src/desktop/windows/window-bounds';

const left = { x: 0, y: 0, width: 1280, height: 700 };
const right = { x: 1280, y: 0, width: 1920, height: 1040 };

it.each([
  ['where it was', { x: 1400, y: 50, width: 600, height: 700 }, [left, right], { x: 1400, y: 50, width: 600, height: 700 }],
  ['at its own place when that display is gone', { x: 1400, y: 50, width: 600, height: 700 }, [left], { width: 520, height: 680 }],
  ['no larger than the display', { x: 10, y: 0, width: 3000, height: 3000 }, [left], { x: 10, y: 0, width: 1280, height: 700 }],
  ['not with its title above the screen', { x: 10, y: -900, width: 600, height: 700 }, [left], { width: 520, height: 680 }],
  ['at its own place the first time', undefined, [left], { width: 520, height: 680 }],
  ['on a very small display', undefined, [{ x: 0, y: 0, width: 480, height: 400 }], { width: 480, height: 400 }],
  ['without any display', undefined, [], { width: 520, height: 680 }],
])('the window opens %s', (_name, remembered, areas, expected) => {
  expect(placeWindow(remembered, areas)).toEqual(expected);
});

it.each<[string, NodeJS.Platform, { x: number; y: number; width: number; height: number } | undefined]>([
  ['opened the first time', 'linux', undefined],
  ['opened where it filled the display', 'linux', { x: 0, y: 0, width: 1280, height: 700 }],
  ['where the frame is part of the size', 'win32', undefined],
])('the window and its frame fit above the panel: %s', (_name, platform, remembered) => {
  const frame = frameAround(platform);
  const { width, height } = placeWindow(remembered, [{ x: 0, y: 0, width: 1280, height: 690 }], frame);
  expect(height + frame.height).toBeLessThanOrEqual(690);
  expect(width + frame.width).toBeLessThanOrEqual(1280);
});
