import type { CaptureDisplay } from '../../../src/screen/page-port';
import { layOutPicture } from '../../../src/screen/picture-layout';

const left: CaptureDisplay = { id: 'left', isPrimary: false, geometry: { x: -1280, y: 56, width: 1280, height: 1024 } };
const main: CaptureDisplay = { id: 'main', isPrimary: true, geometry: { x: 0, y: 0, width: 1920, height: 1080 } };
const limits = { displays: 'all', maxWidth: 0, maxHeight: 0 } as const;

describe('the layout of the picture', () => {
  it('is the display itself when there is one', () => {
    const { picture, draws } = layOutPicture([main], limits);
    expect(picture).toEqual({ width: 1920, height: 1080 });
    expect(draws).toEqual([{ source: 'main', from: { x: 0, y: 0, width: 1, height: 1 }, to: { x: 0, y: 0, width: 1920, height: 1080 } }]);
  });

  it('has the displays where they stand on the desk', () => {
    const { picture, draws, displays } = layOutPicture([main, left], limits);
    expect(picture).toEqual({ width: 3200, height: 1080 });
    expect(draws.map(({ source, to }) => [source, to])).toEqual([
      ['main', { x: 1280, y: 0, width: 1920, height: 1080 }],
      ['left', { x: 0, y: 56, width: 1280, height: 1024 }],
    ]);
    expect(displays).toEqual([main.geometry, left.geometry]);
  });

  it('has only the primary one when that is wanted', () => {
    expect(layOutPicture([left, main], { ...limits, displays: 'primary' }).displays).toEqual([main.geometry]);
  });

  it.each([
    [960, 0, { width: 960, height: 540 }],
    [0, 540, { width: 960, height: 540 }],
    [4000, 4000, { width: 1920, height: 1080 }],
    [1001, 0, { width: 1000, height: 562 }],
  ])('stays within %i x %i, with even sides', (maxWidth, maxHeight, size) => {
    expect(layOutPicture([main], { ...limits, maxWidth, maxHeight }).picture).toEqual(size);
  });

  it('takes displays that lie in one source out of it with one draw', () => {
    const source = { id: 'root', geometry: { x: -1280, y: 0, width: 3200, height: 1080 } };
    const { draws, sources } = layOutPicture(
      [
        { ...main, source },
        { ...left, source },
      ],
      limits,
    );
    expect(draws).toEqual([{ source: 'root', from: { x: 0, y: 0, width: 1, height: 1 }, to: { x: 0, y: 0, width: 3200, height: 1080 } }]);
    expect(sources).toEqual([{ source: 'root', width: 3200, height: 1080 }]);
  });

  const deskOf = (count: number, width: number, height: number, isStacked = false): CaptureDisplay[] =>
    Array.from({ length: count }, (_, index) => ({
      id: `display ${index}`,
      isPrimary: index === 0,
      geometry: { x: isStacked ? 0 : index * width, y: isStacked ? index * height : 0, width, height },
    }));

  it.each([
    ['three displays of 1080 lines', deskOf(3, 1920, 1080), { width: 5760, height: 1080 }],
    ['four of them', deskOf(4, 1920, 1080), { width: 7680, height: 1080 }],
    ['the largest desk there is', deskOf(2, 2048, 2304), { width: 4096, height: 2304 }],
  ])('keeps every pixel of %s', (_name, displays, size) => {
    expect(layOutPicture(displays, limits)).toMatchObject({ picture: size, isShrunk: false });
  });

  it.each([
    ['three of 1440 lines', deskOf(3, 2560, 1440)],
    ['two of 4K', deskOf(2, 3840, 2160)],
    ['five side by side', deskOf(5, 1920, 1080)],
    ['nine on top of each other', deskOf(9, 1920, 1080, true)],
    ['one of 8K', deskOf(1, 7680, 4320)],
  ])('makes %s as small as H.264 takes, and no smaller', (_name, displays) => {
    const { picture, isShrunk, draws, displays: geometry } = layOutPicture(displays, limits);
    const blocks = Math.ceil(picture.width / 16) * Math.ceil(picture.height / 16);
    expect(isShrunk).toBe(true);
    expect(blocks).toBeLessThanOrEqual(36_864);
    expect(Math.max(picture.width, picture.height)).toBeLessThanOrEqual(8688);
    expect(blocks > 36_864 * 0.97 || Math.max(picture.width, picture.height) > 8688 * 0.99).toBe(true);
    expect(geometry).toEqual(displays.map((display) => display.geometry));
    const right = Math.max(...draws.map(({ to }) => to.x + to.width));
    const bottom = Math.max(...draws.map(({ to }) => to.y + to.height));
    expect({ width: right, height: bottom }).toEqual(picture);
  });

  it('does not say so when the limits of the configuration were smaller', () => {
    expect(layOutPicture(deskOf(3, 2560, 1440), { ...limits, maxWidth: 1280 })).toMatchObject({
      picture: { width: 3840, height: 720 },
      isShrunk: false,
    });
  });
});
