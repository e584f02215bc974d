import type { CaptureDisplay } from '../../../src/recorder/page-port';
import { layOutPicture } from '../../../src/recorder/picture-layout';

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
});
